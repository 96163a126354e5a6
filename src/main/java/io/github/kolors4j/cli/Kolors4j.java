package io.github.kolors4j.cli;

import io.github.kolors4j.KolorsException;
import io.github.kolors4j.internal.launch.ProgramStart;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code kolors4j}: a list of sub-commands. */
@Command(
    name = Kolors4j.NAME,
    description = "Kolors text-to-image in Java.",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    subcommands = {
      DownloadCommand.class,
      GenerateCommand.class,
      DjProcessCommand.class,
      DjAnalyzeCommand.class,
      TrainLoraCommand.class,
      MergeCommand.class,
      ConvertCommand.class,
      ComfyuiCommand.class,
      CompletionCommand.class
    })
public final class Kolors4j {
  static final String NAME = "kolors4j";

  private Kolors4j() {}

  /** Runs a sub-command and exits: 0 if it went well, 1 if it failed, 2 on a wrong option. */
  public static void main(String[] arguments) {
    run(new Kolors4j(), arguments);
  }

  /** Runs another program's command in the same way, and exits. */
  public static void run(Object command, String[] javasArguments) {
    String[] arguments = WindowsArguments.asTyped(javasArguments);
    ProgramStart.ofCommand();
    String lost = lost(arguments, System.getProperty("sun.jnu.encoding"));
    if (lost != null) {
      System.err.println(lost);
      System.exit(2);
    }
    System.exit(commandLine(command).execute(arguments));
  }

  /** The command line, in which an error is one message without a stack trace. */
  static CommandLine commandLine() {
    return commandLine(new Kolors4j());
  }

  private static CommandLine commandLine(Object program) {
    return new CommandLine(program)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false) // a prompt is a prompt
        .setParameterExceptionHandler(new WrongOption())
        .setExecutionExceptionHandler(
            (error, command, parsed) -> {
              command.getErr().println(message(error));
              return 1;
            });
  }

  /**
   * What to do where Java has read arguments in an encoding that lacks their characters, as under
   * {@code LC_ALL=C}: each is lost then, and the prompt another. Null where none is.
   *
   * @param encoding that of arguments and file names
   */
  static @Nullable String lost(String[] arguments, @Nullable String encoding) {
    boolean isLost = Stream.of(arguments).anyMatch(argument -> argument.indexOf('\ufffd') >= 0);
    if (!isLost || isUnicode(encoding)) {
      return null;
    }
    return "An argument has characters that are lost: Java reads arguments and file names as "
        + encoding
        + " here. Start with LC_ALL=C.UTF-8 before the command, as environment/kolors4j does.";
  }

  private static boolean isUnicode(@Nullable String encoding) {
    try {
      return encoding != null && Charset.forName(encoding).equals(StandardCharsets.UTF_8);
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      return false;
    }
  }

  /** An exception of the library says what to do; any other is a fault, shown whole. */
  private static String message(Exception error) {
    String message = error.getMessage();
    boolean ours = error instanceof KolorsException || error instanceof IllegalArgumentException;
    if (ours && message != null) {
      return message;
    }
    StringWriter trace = new StringWriter();
    error.printStackTrace(new PrintWriter(trace));
    return "This should not have happened:\n" + trace;
  }
}
