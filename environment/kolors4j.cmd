@echo off
rem The library from a terminal: environment\kolors4j generate "a boy with blue hair" -o boy.png
rem Builds it first if it is not there. KOLORS4J_DEVICE=cpu leaves a GPU alone; KOLORS4J_JAVA_OPTIONS has further
rem options for java, such as -Xmx8g.
setlocal
if not exist "%~dp0..\target\kolors4j.jar" (
  call "%~dp0setup.cmd" --build 1>&2
  if errorlevel 1 exit /b 1
)
call "%~dp0find-java.cmd"
if errorlevel 1 exit /b 1
rem A picture is there before the second of Java's compilers has paid: alone, the first takes a fifth off the wait.
set "KOLORS4J_QUICK="
if "%~1"=="generate" set "KOLORS4J_QUICK=-XX:TieredStopAtLevel=1"
"%JAVA_HOME%\bin\java" "@%KOLORS4J_HOME%\environment\java.options" %KOLORS4J_QUICK% %KOLORS4J_JAVA_OPTIONS% -cp "%KOLORS4J_HOME%\target\kolors4j.jar;%KOLORS4J_HOME%\target\lib\*" io.github.kolors4j.cli.Kolors4j %*
set "KOLORS4J_CODE=%ERRORLEVEL%"
if defined KOLORS4J_CODEPAGE chcp %KOLORS4J_CODEPAGE% >nul 2>&1
exit /b %KOLORS4J_CODE%
