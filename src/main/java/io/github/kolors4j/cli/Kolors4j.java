package io.github.kolors4j.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code kolors4j}: a list of sub-commands. */
@Command(
    name = "kolors4j",
    description = "Kolors text-to-image in Java.",
    mixinStandardHelpOptions = true,
    version = "kolors4j 0.1.0",
    subcommands = {
      DownloadCommand.class,
      GenerateCommand.class,
      DjProcessCommand.class,
      TrainLoraCommand.class,
      MergeCommand.class,
      ConvertCommand.class,
      TrainMiniCommand.class,
      EvaluateMiniCommand.class,
      DjAnalyzeCommand.class
    })
public final class Kolors4j {

  private Kolors4j() {}

  /** Runs a sub-command and exits: 0 if it went well, 1 if it failed, 2 on a wrong option. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** The command line, in which an error is one message without a stack trace. */
  static CommandLine commandLine() {
    return new CommandLine(new Kolors4j())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(
            (error, command, parsed) -> {
              command.getErr().println(message(error));
              return 1;
            });
  }

  /** An exception of the library says what to do; any other is a fault, shown whole. */
  private static String message(Exception error) {
    boolean ours =
        error instanceof IllegalArgumentException
            || error.getClass().getName().startsWith("io.github.kolors4j.");
    if (ours && error.getMessage() != null) {
      return error.getMessage();
    }
    java.io.StringWriter trace = new java.io.StringWriter();
    error.printStackTrace(new java.io.PrintWriter(trace));
    return "This should not have happened:\n" + trace;
  }
}
