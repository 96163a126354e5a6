@rem The whole course in one command: sets up what is missing and runs notebooks\baseline.ipynb.
@call "%~dp0windows.cmd" baseline %*
