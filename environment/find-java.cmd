@echo off
rem Called by the other .cmd files: sets JAVA_HOME to a JDK 17 or newer, KOLORS4J_HOME to this checkout, and the
rem console to UTF-8 (KOLORS4J_CODEPAGE was its code page before).
for %%I in ("%~dp0..") do set "KOLORS4J_HOME=%%~fI"
set "KOLORS4J_JDK="
if defined JAVA_HOME call :fits "%JAVA_HOME%"
for /d %%D in ("%KOLORS4J_HOME%\build\jdk\*") do call :fits "%%~fD"
for /f "delims=" %%J in ('where javac 2^>nul') do for %%I in ("%%~dpJ..") do call :fits "%%~fI"
for /d %%D in ("%ProgramFiles%\Eclipse Adoptium\jdk*" "%LOCALAPPDATA%\Programs\Eclipse Adoptium\jdk*" "%ProgramFiles%\Microsoft\jdk*" "%ProgramFiles%\Java\jdk*" "%ProgramFiles%\Zulu\zulu*" "%ProgramFiles%\Amazon Corretto\jdk*" "%ProgramFiles%\BellSoft\LibericaJDK*" "%USERPROFILE%\.jdks\*" "%USERPROFILE%\scoop\apps\*jdk*\current") do call :fits "%%~fD"
if not defined KOLORS4J_JDK (
  echo No JDK 17 or newer was found. Install one, open a new terminal and run this again: 1>&2
  echo   winget install EclipseAdoptium.Temurin.17.JDK 1>&2
  echo Or unpack one into "%KOLORS4J_HOME%\build\jdk", or name its folder: set JAVA_HOME=C:\path\to\jdk 1>&2
  exit /b 1
)
set "JAVA_HOME=%KOLORS4J_JDK%"
for /f "tokens=2 delims=:." %%C in ('chcp 2^>nul') do set "KOLORS4J_CODEPAGE=%%C"
chcp 65001 >nul 2>&1
exit /b 0

:fits
if defined KOLORS4J_JDK exit /b
if not exist "%~1\bin\javac.exe" exit /b
findstr /r /c:"^JAVA_VERSION=.1[7-9]" /c:"^JAVA_VERSION=.[2-9][0-9]" "%~1\release" >nul 2>&1
if not errorlevel 1 set "KOLORS4J_JDK=%~1"
exit /b
