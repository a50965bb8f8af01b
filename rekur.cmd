@echo off
rem The rekur command for Windows. Builds on first use or when sources are newer, then runs on the JDK of JAVA_HOME or
rem the java on the path, 17 or newer. REKUR_JAVA_OPTS adds options for the JVM. What can be said in Java is, and tested
rem there: cli\src\main\java\dev\rekur\cli\launch. Delayed expansion stays off: it would take each ! out of the words of
rem the user. No path stands inside parentheses: one that holds a parenthesis would end them.
setlocal enableextensions disabledelayedexpansion
set "home=%~dp0"
set "target=%home%cli\target"
set "jar=%target%\rekur-cli.jar"

rem The JVM. Its release file tells the version without starting it.
set "java=java.exe"
set "release="
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java.exe"
if defined JAVA_HOME set "release=%JAVA_HOME%\release"
set "version="
if defined release if exist "%release%" for /f "usebackq tokens=1,2 delims==" %%k in ("%release%") do if "%%k"=="JAVA_VERSION" set "version=%%~l"
if not defined version for /f "tokens=2,3" %%k in ('""%java%" -version 2^>^&1"') do if "%%k"=="version" set "version=%%~l"
if not defined version goto nojava
set "major="
for /f "delims=.-+" %%m in ("%version%") do set "major=%%m"
if %major% lss 17 goto oldjava

if not exist "%home%pom.xml" goto built
if not exist "%jar%" goto build
"%java%" -XX:TieredStopAtLevel=1 -cp "%jar%" dev.rekur.cli.launch.Build --check "%home%."
if not errorlevel 1 goto built
:build
"%java%" -XX:TieredStopAtLevel=1 "%home%cli\src\main\java\dev\rekur\cli\launch\Build.java" "%home%." %*
if errorlevel 1 exit /b 2
:built

rem Options of the JVM: a file of them, written once for each JVM and build.
set "launch=%target%\launch\%version%"
set "options=%launch%\jvm.args"
if not exist "%options%" "%java%" -cp "%jar%" dev.rekur.cli.launch.JvmOptions "%jar%" "%home%fixtures\example" "%launch%" >nul
if not exist "%options%" goto nooptions
set "collector=-XX:+UseSerialGC"
if "%~1"=="serve" set "collector="

rem The JVM says on standard error that the Vector API is an incubator module; unlike on Unix nothing can be done about it.
"%java%" %REKUR_JAVA_OPTS% %collector% "@%options%" dev.rekur.cli.Main %*
exit /b %errorlevel%

:nojava
echo no java found. Install a JDK, 17 or newer, or set JAVA_HOME to one. 1>&2
exit /b 2
:oldjava
echo "%java%" is Java %version%; Rekur needs 17 or newer. Set JAVA_HOME to one. 1>&2
exit /b 2
:nooptions
echo "%options%" cannot be written. Run rekur once as somebody who may. 1>&2
exit /b 2
