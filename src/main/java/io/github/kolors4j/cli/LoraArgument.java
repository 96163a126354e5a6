package io.github.kolors4j.cli;

import io.github.kolors4j.lora.Lora;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
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
  private @Nullable Double alpha;

  @Option(
      names = {"--lora-weight", "--lora_weight"},
      paramLabel = "WEIGHT",
      description = "How much of its effect: 1 for all, 0 for none.")
  private double weight = 1;

  @Option(
      names = {"--lora-unet-only", "--unet-only"},
      description = "Only what it has for the UNet: files for SDXL change CLIP, too.")
  private boolean unetOnly;

  Path file() {
    return file;
  }

  Lora lora() {
    Lora lora = (unetOnly ? Lora.ofUnet(file) : Lora.of(file)).weight(weight);
    return alpha == null ? lora : lora.alpha(alpha);
  }
}
