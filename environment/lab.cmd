@rem Opens JupyterLab with the notebooks and the Java kernel; arguments go to JupyterLab.
@call "%~dp0windows.cmd" lab %*
