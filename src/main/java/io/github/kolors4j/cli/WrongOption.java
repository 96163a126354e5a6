package io.github.kolors4j.cli;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What is said about an option or a value that is wrong: the reason, as typed, and where to look.
 */
final class WrongOption implements IParameterExceptionHandler {

  @Override
  public int handleParseException(ParameterException error, String[] arguments) {
    CommandLine command = error.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(reason(error, List.of(arguments)) + remedy(error, arguments));
    UnmatchedArgumentException.printSuggestions(error, err);
    err.println(command.getCommandSpec().qualifiedName() + " --help shows the options.");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static String reason(ParameterException error, List<String> arguments) {
    String message = String.valueOf(error.getMessage());
    if (error.getArgSpec() instanceof OptionSpec option) {
      message = message.replace(option.longestName(), typed(option, arguments));
      message = message.replace(" (" + option.paramLabel() + ")", "");
    }
    message =
        message
            .replace("is not an int", "is not a whole number")
            .replace("is not a long", "is not a whole number")
            .replace("is not a double", "is not a number")
            .replaceFirst("\\.?$", ".");
    return message.replace("' .", "'.");
  }

  /** The name of an option that was used for it. */
  private static String typed(OptionSpec option, List<String> arguments) {
    return arguments.stream()
        .flatMap(argument -> Stream.of(option.names()).filter(name -> isName(name, argument)))
        .max(Comparator.comparingInt(String::length))
        .orElse(option.longestName());
  }

  private static boolean isName(String name, String argument) {
    boolean isShort = !name.startsWith("--");
    return argument.equals(name)
        || argument.startsWith(name + "=")
        || isShort && !argument.startsWith("--") && argument.startsWith(name);
  }

  private static String remedy(ParameterException error, String[] arguments) {
    if (String.valueOf(error.getMessage()).startsWith("Expected parameter for option")) {
      return " A file whose name begins with a dash is written with ./ before it.";
    }
    boolean isMissing =
        error instanceof UnmatchedArgumentException || error instanceof MissingParameterException;
    return isMissing && Stream.of(arguments).anyMatch(WrongOption::isText)
        ? " A prompt or a path that begins with a dash goes last, after -- ."
        : "";
  }

  private static boolean isText(String argument) {
    return argument.startsWith("-")
        && !argument.contains("=")
        && (argument.contains(" ") || argument.chars().anyMatch(c -> c > 0x7f || c == '/'));
  }
}
