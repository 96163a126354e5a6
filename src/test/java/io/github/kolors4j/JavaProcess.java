package io.github.kolors4j;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Java process beside the tests'. */
public final class JavaProcess {
  private JavaProcess() {}

  /**
   * With the tests' class path, not yet started.
   *
   * @param options of Java
   * @param program with a main method
   */
  public static ProcessBuilder of(List<String> options, Class<?> program, String... arguments) {
    String classPath = System.getProperty("java.class.path");
    return new ProcessBuilder(command(options, classPath, program, arguments));
  }

  /** The words that start one. */
  public static List<String> command(
      List<String> options, String classPath, Class<?> program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, program.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}
