package io.github.kolors4j.cli;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.lora.LoraFile;
import io.github.kolors4j.internal.lora.LoraFormat;
import io.github.kolors4j.internal.lora.ModelLora;
import io.github.kolors4j.internal.lora.UNetNames;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.pipeline.ConvertedNetwork;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.lora.LoraException;
import io.github.kolors4j.pipeline.ModelFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kolors4j convert}: between the files of different programs. */
@Command(
    name = "convert",
    description = {
      "Converts a LoRA to another program's format, or a VAE or UNet between a folder (diffusers)"
          + " and a single file (original names). What INPUT is, its names tell.",
    },
    sortOptions = false,
    showDefaultValues = true,
    mixinStandardHelpOptions = true)
final class ConvertCommand implements Callable<Integer> {
  private static final String FOLDER = "folder";
  private static final String SINGLE_FILE = "single-file";

  @Parameters(index = "0", paramLabel = "INPUT", description = "A file, or a network's folder.")
  private Path input;

  @Parameters(index = "1", paramLabel = "OUTPUT", description = "What is written.")
  private Path output;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FORMAT",
      description = {
        "For a LoRA: diffsynth, peft, diffusers, kohya, kohya-sdxl (original block names) or"
            + " comfyui, as .safetensors or .ckpt by the name of OUTPUT; peft, with a name that ends"
            + " in neither, as a folder with adapter_config.json.",
        "For a VAE or UNet: folder or single-file."
      })
  private String to;

  @Option(
      names = {"--lora-alpha", "--lora_alpha"},
      paramLabel = "ALPHA",
      description = "The LoRA's alpha; otherwise what its file states.")
  private @Nullable Double alpha;

  @Option(
      names = {"--lora-unet-only", "--unet-only"},
      description = "Only what the LoRA has for the UNet: files for SDXL change CLIP, too.")
  private boolean unetOnly;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "FOLDER",
      description = "The Kolors that it belongs to; otherwise kolors-mini.")
  private Path model;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    String format = to.toLowerCase(Locale.ROOT).replace('_', '-');
    switch (format) {
      case FOLDER -> ConvertedNetwork.of(input).saveFolder(output, model());
      case SINGLE_FILE -> ConvertedNetwork.of(input).saveSingleFile(output);
      default -> convertLora(loraFormat(format));
    }
    spec.commandLine().getOut().println(output.toAbsolutePath());
    return 0;
  }

  private ModelFolder model() {
    return model == null ? ModelFolder.embedded() : ModelFolder.of(model);
  }

  private LoraFormat loraFormat(String format) {
    for (LoraFormat known : LoraFormat.values()) {
      if (name(known).equals(format)) {
        return known;
      }
    }
    String names =
        Arrays.stream(LoraFormat.values())
            .map(ConvertCommand::name)
            .collect(Collectors.joining(", "));
    throw new ParameterException(
        spec.commandLine(),
        "There is no format '%s'. For a LoRA: %s. For a VAE or UNet: %s, %s."
            .formatted(to, names, FOLDER, SINGLE_FILE));
  }

  private static String name(LoraFormat format) {
    return format.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private void convertLora(LoraFormat format) {
    UNetNames names = new UNetNames(UNetConfig.read(model().unetConfigFolder()));
    try (NDManager manager = PyTorch.manager(Device.cpu())) {
      ModelLora stored = read(manager, names);
      ModelLora lora = alpha == null ? stored : stored.withAlpha(alpha);
      LoraFile.write(output, lora, format, names);
      if (lora.unet() != null && statesNoAlpha(format)) {
        sayAlpha(LoraFile.alphaToLoadWith(lora.unet()));
      }
    }
  }

  private ModelLora read(NDManager manager, UNetNames names) {
    try {
      return unetOnly
          ? new ModelLora(LoraFile.readUnet(input, manager, names), null)
          : ModelLora.read(input, manager, names);
    } catch (LoraException e) {
      if (model == null && String.valueOf(e.getMessage()).contains("another model")) {
        throw new LoraException(
            e.getMessage() + " It was taken for one of kolors-mini: name its Kolors with --model.",
            e);
      }
      throw e;
    }
  }

  /** Whether it is a file of a format that has no place for an alpha. */
  private boolean statesNoAlpha(LoraFormat format) {
    return format == LoraFormat.DIFFSYNTH
        || format == LoraFormat.PEFT && Files.isRegularFile(output);
  }

  private void sayAlpha(OptionalDouble common) {
    spec.commandLine()
        .getErr()
        .println(
            common.isEmpty()
                ? "Neither file states an alpha: give the one that it was trained with when loading it."
                : "This format states no alpha: load it with alpha %s."
                    .formatted(
                        new DecimalFormat("0.######", DecimalFormatSymbols.getInstance(Locale.ROOT))
                            .format(common.getAsDouble())));
  }
}
