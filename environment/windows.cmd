@echo off
rem windows.cmd COMMAND [arguments]: runs a command of this folder (src\setup: WindowsCommands.java), which setup.cmd,
rem lab.cmd and the others name.
setlocal
call "%~dp0find-java.cmd"
if errorlevel 1 exit /b 1
"%JAVA_HOME%\bin\javac" -proc:none -nowarn -encoding UTF-8 -d "%KOLORS4J_HOME%\build\launch" -sourcepath "%KOLORS4J_HOME%\src\main\java;%KOLORS4J_HOME%\src\setup\java" "%KOLORS4J_HOME%\src\setup\java\io\github\kolors4j\internal\launch\WindowsCommands.java"
if errorlevel 1 exit /b 1
"%JAVA_HOME%\bin\java" "@%KOLORS4J_HOME%\environment\java.options" -cp "%KOLORS4J_HOME%\build\launch" io.github.kolors4j.internal.launch.WindowsCommands "%KOLORS4J_HOME%" %*
set "KOLORS4J_CODE=%ERRORLEVEL%"
if defined KOLORS4J_CODEPAGE chcp %KOLORS4J_CODEPAGE% >nul 2>&1
exit /b %KOLORS4J_CODE%
