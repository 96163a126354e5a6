package io.github.kolors4j.cli;

import io.github.kolors4j.internal.pipeline.MergedModel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code kolors4j merge}: LoRAs into a model folder of their own. */
@Command(
    name = "merge",
    description =
        "Writes a model folder with LoRAs added to the weights for good, the UNet's and the text"
            + " encoder's, which Python's diffusers loads as well. It takes the memory of one tensor.",
    sortOptions = false,
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class MergeCommand implements Callable<Integer> {

  @ArgGroup(exclusive = false, multiplicity = "1..*")
  private List<LoraArgument> loras;

  @Mixin private ModelArgument model;

  @Option(
      names = {"-o", "--output"},
      required = true,
      paramLabel = "FOLDER",
      description = "The new model folder; it must not exist yet.")
  private Path output;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    MergedModel merged =
        MergedModel.of(model.folder(), loras.stream().map(LoraArgument::lora).toList());
    spec.commandLine().getOut().println(merged.save(output).root().toAbsolutePath());
    return 0;
  }
}
