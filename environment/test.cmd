@rem Builds the library and runs its fast tests.
@call "%~dp0windows.cmd" test %*
