@rem Finds or installs what the notebooks need: Jupyter in build\python, the Java kernel, the library; --build: the library alone.
@call "%~dp0windows.cmd" setup %*
