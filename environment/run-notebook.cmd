@rem Runs a notebook from top to bottom: run-notebook NOTEBOOK [OUTPUT_FOLDER].
@call "%~dp0windows.cmd" run-notebook %*
