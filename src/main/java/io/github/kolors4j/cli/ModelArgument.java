package io.github.kolors4j.cli;

import io.github.kolors4j.pipeline.ModelFolder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The model that a command works with. */
final class ModelArgument {

  @Option(
      names = {"-m", "--model"},
      paramLabel = "FOLDER",
      description = "A Kolors model in the published layout; otherwise kolors-mini.")
  private @Nullable Path model;

  @Option(
      names = "--vae",
      paramLabel = "PATH",
      description = "Another VAE, a folder or a .safetensors file.")
  private @Nullable Path vae;

  ModelFolder folder() {
    ModelFolder folder = model == null ? ModelFolder.embedded() : ModelFolder.of(model);
    return vae == null ? folder : folder.withVae(vae);
  }
}
