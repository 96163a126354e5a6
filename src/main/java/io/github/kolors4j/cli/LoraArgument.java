package io.github.kolors4j.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** One LoRA of a command line: its file, and how much of it. */
final class LoraArgument {

  @Option(
      names = "--lora",
      required = true,
      paramLabel = "FILE",
      description =
          "A LoRA, in any common format, or a folder of peft; may be given several times.")
  private Path file;

  @Option(
      names = {"--lora-alpha", "--lora_alpha"},
      paramLabel = "ALPHA",
      description = "Its alpha; otherwise what its file states.")
  private double alpha = Double.NaN;

  @Option(
      names = {"--lora-weight", "--lora_weight"},
      paramLabel = "WEIGHT",
      description = "How much of its effect: 1 for all, 0 for none.")
  private double weight = 1;

  @Option(
      names = {"--lora-unet-only", "--unet-only"},
      description = "Only what it has for the UNet: files for SDXL change CLIP, too.")
  private boolean unetOnly;

  /** Whether its part for a text encoder is left alone. */
  boolean unetOnly() {
    return unetOnly;
  }

  Path file() {
    return file;
  }

  /** NaN for what the file states. */
  double alpha() {
    return alpha;
  }

  double weight() {
    return weight;
  }
}
