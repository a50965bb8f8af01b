@echo off
rem The rekur command for Windows. Builds with mvn on first use or when sources are newer, then runs on the JDK of
rem JAVA_HOME or the java on the path, 17 or newer. REKUR_JAVA_OPTS adds options for the JVM.
setlocal enabledelayedexpansion
set "home=%~dp0"
set "target=%home%cli\target"
set "jar=%target%\rekur-cli.jar"

set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java.exe"
set "major="
for /f tokens^=2^ delims^=^" %%v in ('""%java%" -version 2^>^&1 ^| findstr /c:" version ""') do (
    if not defined major for /f "delims=.-" %%m in ("%%v") do set "major=%%m"
)
if not defined major (
    echo no java found. Install a JDK, 17 or newer, or set JAVA_HOME to one. 1>&2
    exit /b 2
)
if !major! lss 17 (
    echo %java% is Java !major!; Rekur needs 17 or newer. Set JAVA_HOME to one. 1>&2
    exit /b 2
)

rem Sources newer than what was built from them.
set "stale="
if not exist "%target%\.built" set "stale=1"
if not exist "%jar%" set "stale=1"
if not defined stale if exist "%home%pom.xml" (
    powershell -NoProfile -Command "$built = (Get-Item -Force '%target%\.built').LastWriteTime; $places = @('pom.xml'); foreach ($m in 'runtime', 'simd', 'importer', 'charts', 'server', 'cli') { $places += \"$m/pom.xml\"; $places += \"$m/src/main\" }; $places += 'fixtures/example'; Set-Location '%home%'; if (Get-ChildItem -Recurse -File $places | Where-Object { $_.LastWriteTime -gt $built } | Select-Object -First 1) { exit 1 }"
    if errorlevel 1 set "stale=1"
)
if defined stale (
    where mvn >nul 2>nul
    if errorlevel 1 (
        echo Rekur has to be built once, and mvn is not on the path. Install Maven, 3.8.6 or newer. 1>&2
        exit /b 2
    )
    if not exist "%target%" mkdir "%target%"
    type nul > "%target%\.building"
    call mvn -B -ntp -q -f "%home%pom.xml" -pl cli -am "-Dmaven.test.skip=true" "-Derrorprone=off" "-Drekur.failOnWarning=false" "-Dspotless.check.skip=true" package 1>&2
    if errorlevel 1 (
        echo Rekur could not be built; the lines above say why. 1>&2
        exit /b 2
    )
    move /y "%target%\.building" "%target%\.built" >nul
)

set "options=-XX:-UsePerfData -Djava.awt.headless=true --enable-native-access=ALL-UNNAMED"
if !major! geq 23 set "options=!options! --sun-misc-unsafe-memory-access=allow"
if not "%~1"=="serve" set "options=!options! -XX:+UseSerialGC"
rem The JVM says on standard error that this is an incubator module; unlike on Unix nothing can be done about it here.
"%java%" --list-modules 2>nul | findstr /b /c:"jdk.incubator.vector" >nul && set "options=!options! --add-modules jdk.incubator.vector -XX:PerMethodTrapLimit=5000"

"%java%" %REKUR_JAVA_OPTS% !options! -cp "%jar%" dev.rekur.cli.Main %*
exit /b %errorlevel%
