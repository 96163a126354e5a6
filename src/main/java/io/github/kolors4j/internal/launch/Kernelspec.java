package io.github.kolors4j.internal.launch;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The file by which Jupyter knows a Java kernel, and starts {@code java} with nothing between. What
 * may differ from start to start is not in it: {@link ProgramStart}. Paths stand in options rather
 * than in the environment, in whose values Jupyter replaces dollar signs, and other front ends do
 * not.
 *
 * @param kind of kernel
 * @param machine that it is for
 * @param home the checkout
 * @param jdk that runs it
 * @param kernelJar the kernel
 * @param environment further variables
 */
record Kernelspec(
    Kind kind,
    Machine machine,
    Path home,
    Path jdk,
    Path kernelJar,
    Map<String, String> environment) {

  /** The kernels that there are, which {@code src/kernel} starts. */
  enum Kind {
    /** IJava. */
    IJAVA("Java (kolors4j)", "KernelProcess", List.of()),
    /** JJava. */
    JJAVA(
        "Java (kolors4j, JJava)",
        "JJavaProcess",
        List.of("--add-opens=jdk.jshell/jdk.jshell=ALL-UNNAMED"));

    private final String displayName;
    private final String mainClass;
    private final List<String> options;

    Kind(String displayName, String mainClass, List<String> options) {
      this.displayName = displayName;
      this.mainClass = "io.github.kolors4j.kernel." + mainClass;
      this.options = options;
    }
  }

  /** The heap's share of the memory; tensors live outside of it. */
  private static final String HEAP = "-XX:MaxRAMPercentage=40";

  private static final int FIRST_VARIABLE = 4;

  /**
   * Prints a kernel's file. Runs before the library is built, with nothing but the JDK.
   *
   * @param arguments the kind, the checkout, the JDK, the kernel's jar, then variables as {@code
   *     NAME=VALUE}
   */
  public static void main(String[] arguments) {
    Map<String, String> environment = new TreeMap<>();
    for (String variable : List.of(arguments).subList(FIRST_VARIABLE, arguments.length)) {
      int equals = variable.indexOf('=');
      environment.put(variable.substring(0, equals), variable.substring(equals + 1));
    }
    Kernelspec kernel =
        new Kernelspec(
            Kind.valueOf(arguments[0]),
            Machine.here(),
            Path.of(arguments[1]),
            Path.of(arguments[2]),
            Path.of(arguments[3]),
            environment);
    byte[] json = kernel.json().getBytes(StandardCharsets.UTF_8);
    System.out.write(json, 0, json.length);
    System.out.flush();
  }

  /** The library comes first: kernels bring older copies of what it needs. */
  private String classPath() {
    Path target = home.resolve("target");
    return String.join(
        machine.pathSeparator(),
        target.resolve("kolors4j.jar").toString(),
        // The star is Java's own, and no character of a path on Windows.
        target.resolve("lib") + home.getFileSystem().getSeparator() + "*",
        kernelJar.toString());
  }

  /** What Jupyter starts; it replaces the last argument. */
  List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(machine.java(jdk).toString());
    command.add(HEAP);
    command.add("@" + home.resolve("environment").resolve("java.options"));
    command.add("-Dkolors4j.home=" + home);
    // Paths such as data/lora_dataset mean the same in every notebook.
    command.add("-Duser.dir=" + home);
    command.add(
        "-Djava.util.logging.config.file="
            + home.resolve("environment").resolve("logging.properties"));
    command.addAll(kind.options);
    command.addAll(List.of("-cp", classPath(), kind.mainClass, "{connection_file}"));
    return command;
  }

  private Map<String, String> variables() {
    Map<String, String> variables = new TreeMap<>(environment);
    variables.put("KOLORS4J_HOME", home.toString());
    // Cells are compiled for the version that runs them.
    variables.put("IJAVA_COMPILER_OPTS", "-Xlint:-options");
    return variables;
  }

  /** The file's content. */
  String json() {
    String argv = command().stream().map(Kernelspec::quoted).collect(Collectors.joining(",\n    "));
    String variables =
        variables().entrySet().stream()
            .map(e -> quoted(e.getKey()) + ": " + quoted(e.getValue()))
            .collect(Collectors.joining(",\n    "));
    return """
        {
          "argv": [
            %s
          ],
          "display_name": %s,
          "language": "java",
          "interrupt_mode": "message",
          "env": {
            %s
          }
        }
        """
        .formatted(argv, quoted(kind.displayName), variables);
  }

  /** As a string of JSON. */
  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
