package io.github.kolors4j.internal.launch;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Starts Java once more, for what a running one takes no more: the options of {@code
 * KOLORS4J_JAVA_OPTIONS}, and characters of file names where the locale has few, as under {@code
 * LC_ALL=C}. The first one waits, and ends as the second does.
 *
 * @param machine this one
 * @param characters what file names are in: {@code sun.jnu.encoding}
 */
record StartedAgain(Machine machine, String characters) {
  /** The process that waits for this one. */
  private static final String FIRST = "kolors4j.started.by";

  private static final String OPTIONS = "KOLORS4J_JAVA_OPTIONS";
  private static final String LOCALE = "C.UTF-8";

  /** Options that Java reads from these are among its own already. */
  private static final List<String> READ_BEFORE = List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS");

  /** The options that were asked for, at blanks. */
  List<String> options() {
    return machine.variable(OPTIONS).map(o -> List.of(o.strip().split("\\s+"))).orElse(List.of());
  }

  /** What the environment must have besides, or other than now. */
  Map<String, String> environment() {
    String name = characters.toUpperCase(Locale.ROOT);
    boolean fits =
        machine.isWindows() // whose file names are Unicode whatever the locale
            || name.startsWith("UTF")
            || name.startsWith("GB")
            || name.startsWith("EUC-CN")
            || name.startsWith("EUC_CN");
    return fits ? Map.of() : Map.of("LC_ALL", LOCALE);
  }

  /**
   * Runs a program in a second Java if that makes a difference.
   *
   * @return how it ended, or nothing if this process is to go on
   * @throws IOException if Java cannot be started
   */
  OptionalInt run(String mainClass, String[] arguments) throws IOException {
    String first = System.getProperty(FIRST);
    if (first != null) {
      endWith(Long.parseLong(first));
      return OptionalInt.empty();
    }
    if (options().isEmpty() && environment().isEmpty()) {
      return OptionalInt.empty();
    }
    ProcessBuilder second =
        new ProcessBuilder(
                command(
                    Path.of(System.getProperty("java.home")),
                    ManagementFactory.getRuntimeMXBean().getInputArguments(),
                    System.getProperty("java.class.path"),
                    mainClass,
                    arguments))
            .inheritIO();
    READ_BEFORE.forEach(second.environment()::remove);
    second.environment().putAll(environment());
    Process process = second.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    while (true) {
      try {
        return OptionalInt.of(process.waitFor());
      } catch (InterruptedException e) {
        process.destroy();
      }
    }
  }

  /** The second one's command line: of options that contradict each other the last counts. */
  List<String> command(
      Path javaHome, List<String> given, String classPath, String mainClass, String[] arguments) {
    List<String> command = new ArrayList<>();
    command.add(machine.java(javaHome).toString());
    command.addAll(given);
    command.addAll(options());
    command.add("-D" + FIRST + "=" + ProcessHandle.current().pid());
    command.addAll(List.of("-cp", classPath, mainClass));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Nobody else ends this process where the first one is killed, as Jupyter does on Windows. */
  private static void endWith(long first) {
    ProcessHandle.of(first)
        .ifPresentOrElse(
            process -> process.onExit().thenRun(() -> Runtime.getRuntime().halt(1)),
            () -> Runtime.getRuntime().halt(1));
  }
}
