package io.github.kolors4j.lab;

import io.github.kolors4j.cli.Kolors4j;
import picocli.CommandLine.Command;

/** The command {@code environment/mini}: makes kolors-mini, and measures what it has learned. */
@Command(
    name = "mini",
    description = "Makes and judges kolors-mini, the small model that ships.",
    mixinStandardHelpOptions = true,
    subcommands = {
      TrainCommand.class,
      TrainClassifierCommand.class,
      JudgeCommand.class,
      SheetCommand.class
    })
public final class Mini {
  private Mini() {}

  /** Runs a sub-command and exits as {@code kolors4j} does. */
  public static void main(String[] arguments) {
    Kolors4j.run(new Mini(), arguments);
  }
}
