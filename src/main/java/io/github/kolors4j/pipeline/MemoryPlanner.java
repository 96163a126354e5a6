package io.github.kolors4j.pipeline;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.model.ChatGlmTokenizer;
import io.github.kolors4j.internal.pipeline.ModelConfig;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.tensor.Quantization;
import io.github.kolors4j.internal.weights.Holding;
import io.github.kolors4j.internal.weights.Loading;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.TensorInfo;
import io.github.kolors4j.internal.weights.WeightFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Decides how a model is held: each network in the first way, of those that lose nothing to those
 * that lose most time or quality, in which it fits beside the VAE; and text encoder and UNet one at
 * a time if both together do not fit.
 */
final class MemoryPlanner {
  private final ModelFolder folder;
  private final ModelConfig config;
  private final PipelineOptions options;
  private final Device device;
  private final long free;
  private final Precision precision;

  MemoryPlanner(ModelFolder folder, ModelConfig config, PipelineOptions options) {
    this.folder = folder;
    this.config = config;
    this.options = options;
    device = options.chosenDevice();
    long actual = MachineMemory.free(device);
    free =
        options.memory().isPresent()
            ? Math.min(actual, (long) (options.memory().getAsDouble() * (1L << 30)))
            : actual;
    precision = options.chosenPrecision(device);
  }

  /**
   * The plan.
   *
   * @throws NotEnoughMemoryException if there is none
   */
  MemoryPlan plan() {
    MemoryPlan.Part vae = vae();
    long room = free - MemoryPlan.OVERHEAD - vae.bytes();
    MemoryPlan.Part textEncoder =
        firstThatFits(textEncoderHoldings(), this::textEncoder, room, "textEncoder");
    MemoryPlan.Part unet = firstThatFits(unetHoldings(), this::unet, room, "unet");
    MemoryPlan together = new MemoryPlan(textEncoder, unet, vae, false, device.toString(), free);
    return together.peak() <= free
        ? together
        : new MemoryPlan(textEncoder, unet, vae, true, device.toString(), free);
  }

  private static MemoryPlan.Part firstThatFits(
      List<Holding> holdings, Function<Holding, MemoryPlan.Part> part, long room, String option) {
    MemoryPlan.Part smallest = null;
    for (Holding holding : holdings) {
      MemoryPlan.Part candidate = part.apply(holding);
      if (candidate.whileComputing() <= room) {
        return candidate;
      }
      if (smallest == null || candidate.whileComputing() < smallest.whileComputing()) {
        smallest = candidate;
      }
    }
    boolean fixed = holdings.size() == 1 && holdings.get(0) != Holding.DISK;
    throw new NotEnoughMemoryException(
        "The %s does not fit: held as %s it takes %s, and %s more while it computes, but beside the VAE and Java only %s are free. %s"
            .formatted(
                smallest.name(),
                smallest.loading().holding().label(),
                MachineMemory.gibibytes(smallest.bytes()),
                MachineMemory.gibibytes(smallest.working()),
                MachineMemory.gibibytes(Math.max(0, room)),
                fixed
                    ? "Choose %s(\"auto\") or %s(\"disk\"), or close other programs."
                        .formatted(option, option)
                    : "Close other programs (another notebook's kernel holds its model until it is shut down), or draw with kolors-mini, which needs less than 1 GiB."));
  }

  private List<Holding> textEncoderHoldings() {
    if (!options.textEncoder().equals(PipelineOptions.AUTO)) {
      return List.of(Holding.named(options.textEncoder()));
    }
    List<Holding> holdings = floating(folder.textEncoder());
    holdings.add(Holding.INT8);
    holdings.add(Holding.DISK);
    return holdings;
  }

  private List<Holding> unetHoldings() {
    if (!options.unet().equals(PipelineOptions.AUTO)) {
      return List.of(Holding.named(options.unet()));
    }
    List<Holding> holdings = floating(folder.unet());
    holdings.add(Holding.DISK);
    return holdings;
  }

  /**
   * As computed; where that is float32, then the file's own half precision, which loses nothing.
   */
  private List<Holding> floating(Path weights) {
    List<Holding> holdings = new ArrayList<>(List.of(Holding.of(precision)));
    if (precision == Precision.FLOAT32) {
      boolean half = tensors(weights).stream().anyMatch(t -> t.type() == DataType.FLOAT16);
      holdings.add(half ? Holding.FLOAT16 : Holding.BFLOAT16);
    }
    return holdings;
  }

  private MemoryPlan.Part textEncoder(Holding holding) {
    Loading loading = new Loading(precision, holding);
    List<TensorInfo> tensors =
        tensors(folder.textEncoder()).stream()
            .filter(tensor -> !tensor.name().contains("output_layer")) // which stays in the file
            .toList();
    // Two prompts' tokens in a feed-forward layer: the widened states, gated, and on their way.
    long activations =
        2L * ChatGlmTokenizer.MAX_LENGTH * 6 * config.textEncoder().feedForwardSize();
    return part("text encoder", loading, tensors, activations);
  }

  private MemoryPlan.Part unet(Holding holding) {
    int side = config.unet().sampleSize();
    return part(
        "UNet",
        new Loading(precision, holding),
        tensors(folder.unet()),
        config.unet().activations(side, side));
  }

  private MemoryPlan.Part vae() {
    Loading loading =
        precision == Precision.FLOAT32
            ? Loading.FLOAT32
            : new Loading(precision, half(tensors(folder.vae())));
    long side = Math.min(config.pictureSize(), PictureDecoding.TILE);
    return part("VAE", loading, tensors(folder.vae()), config.vae().activations(side * side));
  }

  /** In the type of the file if that has 16 bits: then a step can be computed again in float32. */
  private static Holding half(List<TensorInfo> tensors) {
    return switch (tensors.get(0).type()) {
      case FLOAT16 -> Holding.FLOAT16;
      case BFLOAT16 -> Holding.BFLOAT16;
      default -> Holding.FLOAT32;
    };
  }

  private static MemoryPlan.Part part(
      String name, Loading loading, List<TensorInfo> tensors, long activations) {
    long bytes = 0;
    long converted = 0;
    Quantization quantization = loading.holding().quantization();
    for (TensorInfo tensor : tensors) {
      Shape shape = tensor.shape();
      boolean embedding = tensor.name().contains("embedding");
      Precision held = loading.heldAs(tensor.type());
      if (quantization != null && shape.dimension() == 2 && !embedding) {
        bytes += quantization.bytes(shape.get(0), shape.get(1));
        converted = Math.max(converted, 3 * Precision.FLOAT32.bytes() * tensor.elements() / 2);
      } else {
        bytes += loading.keepsInFile(tensor.type(), shape) ? 0 : tensor.elements() * held.bytes();
        if (held != loading.precision() && !embedding) {
          converted = Math.max(converted, loading.precision().bytes() * tensor.elements());
        }
      }
    }
    return new MemoryPlan.Part(
        name, loading, bytes, converted + activations * loading.precision().bytes());
  }

  /** Names, types and shapes of a network's weights. */
  private static List<TensorInfo> tensors(Path path) {
    try (TensorFile file =
        Files.isDirectory(path) ? WeightFolder.open(path) : WeightFolder.openFile(path)) {
      return file.names().stream().map(file::info).toList();
    }
  }
}
