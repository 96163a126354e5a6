package io.github.kolors4j.internal.launch;

import io.github.kolors4j.internal.files.OperatingSystem;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The system that a program starts on.
 *
 * @param name as Java calls it: {@code Linux}, {@code Mac OS X}, {@code Windows 11}
 * @param environment variables
 * @param root what absolute paths of the system's own files are looked up below: the root folder,
 *     but for tests
 */
record Machine(String name, Map<String, String> environment, Path root) {

  /** The one that this process runs on. */
  static Machine here() {
    return new Machine(System.getProperty("os.name", ""), System.getenv(), Path.of(File.separator));
  }

  /** Whether paths have drives and backslashes, and programs end with {@code .exe}. */
  boolean isWindows() {
    return OperatingSystem.of(name) == OperatingSystem.WINDOWS;
  }

  /** Whether it is a Mac. */
  boolean isMac() {
    return OperatingSystem.of(name) == OperatingSystem.MAC;
  }

  /** The program {@code java} of a JDK. */
  Path java(Path jdk) {
    return jdk.resolve("bin").resolve(isWindows() ? "java.exe" : "java");
  }

  /** What stands between the entries of a class path and of {@code PATH}. */
  String pathSeparator() {
    return isWindows() ? ";" : ":";
  }

  /** An environment variable; one that is blank counts as none. Windows does not care for case. */
  Optional<String> variable(String variable) {
    Stream<Map.Entry<String, String>> entries = environment.entrySet().stream();
    return entries
        .filter(
            entry ->
                isWindows()
                    ? entry.getKey().equalsIgnoreCase(variable)
                    : entry.getKey().equals(variable))
        .map(Map.Entry::getValue)
        .filter(value -> !value.isBlank())
        .findFirst();
  }

  /** A file of the system's own, such as {@code /proc/driver/nvidia/version}. */
  Path systemFile(String path) {
    return root.resolve(path.replaceFirst("^/", ""));
  }

  /** The programs of a name that {@code PATH} leads to, the first one first. */
  List<Path> programs(String program) {
    return onPath(isWindows() ? program + ".exe" : program);
  }

  /** The same for what Windows calls scripts, such as {@code mvn.cmd}. */
  List<Path> scripts(String script) {
    return onPath(isWindows() ? script + ".cmd" : script);
  }

  private List<Path> onPath(String file) {
    List<Path> found = new ArrayList<>();
    String path = variable("PATH").orElse("");
    for (String folder : path.split(Pattern.quote(pathSeparator()))) {
      try {
        Path there = root.getFileSystem().getPath(folder.strip()).resolve(file);
        if (!folder.isBlank() && Files.isRegularFile(there) && Files.isExecutable(there)) {
          found.add(there);
        }
      } catch (InvalidPathException e) {
        // An entry of PATH that is no path leads nowhere.
      }
    }
    return found;
  }
}
