package io.github.kolors4j.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code kolors4j completion}: what makes a shell complete commands and options. */
@Command(
    name = "completion",
    description = {
      "Prints a script for bash and zsh that completes commands and options with the Tab key.",
      "Use it by source <(environment/kolors4j completion), in ~/.bashrc or ~/.zshrc for good."
    },
    mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    String script = AutoComplete.bash(Kolors4j.NAME, spec.root().commandLine());
    spec.commandLine().getOut().print(script + "\n");
    spec.commandLine().getOut().flush();
    return 0;
  }
}
