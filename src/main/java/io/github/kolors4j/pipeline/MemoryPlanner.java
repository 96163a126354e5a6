package io.github.kolors4j.pipeline;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.model.ChatGlmTokenizer;
import io.github.kolors4j.internal.pipeline.ModelConfig;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.tensor.Quantization;
import io.github.kolors4j.internal.weights.LoadOptions;
import io.github.kolors4j.internal.weights.StorageType;
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
        firstThatFits(textEncoderStorageTypes(), this::textEncoder, room, "textEncoder");
    MemoryPlan.Part unet = firstThatFits(unetStorageTypes(), this::unet, room, "unet");
    MemoryPlan together = new MemoryPlan(textEncoder, unet, vae, false, device.toString(), free);
    return together.peak() <= free
        ? together
        : new MemoryPlan(textEncoder, unet, vae, true, device.toString(), free);
  }

  private static MemoryPlan.Part firstThatFits(
      List<StorageType> storageTypes,
      Function<StorageType, MemoryPlan.Part> part,
      long room,
      String option) {
    MemoryPlan.Part smallest = part.apply(storageTypes.get(0));
    for (StorageType storageType : storageTypes) {
      MemoryPlan.Part candidate = part.apply(storageType);
      if (candidate.whileComputing() <= room) {
        return candidate;
      }
      if (candidate.whileComputing() < smallest.whileComputing()) {
        smallest = candidate;
      }
    }
    boolean fixed = storageTypes.size() == 1 && storageTypes.get(0) != StorageType.DISK;
    throw new NotEnoughMemoryException(
        "The %s does not fit: held as %s it takes %s, and %s more while it computes, but beside the VAE and Java only %s are free. %s"
            .formatted(
                smallest.name(),
                smallest.loading().storageType().label(),
                MachineMemory.gibibytes(smallest.bytes()),
                MachineMemory.gibibytes(smallest.working()),
                MachineMemory.gibibytes(Math.max(0, room)),
                fixed
                    ? "Choose %s(\"auto\") or %s(\"disk\"), or close other programs."
                        .formatted(option, option)
                    : "Close other programs (another notebook's kernel holds its model until it is shut down), or draw with kolors-mini, which needs less than 1 GiB."));
  }

  private List<StorageType> textEncoderStorageTypes() {
    if (!options.textEncoder().equals(PipelineOptions.AUTO)) {
      return List.of(StorageType.named(options.textEncoder()));
    }
    List<StorageType> storageTypes = floating(folder.textEncoder());
    storageTypes.add(StorageType.INT8);
    storageTypes.add(StorageType.DISK);
    return storageTypes;
  }

  private List<StorageType> unetStorageTypes() {
    if (!options.unet().equals(PipelineOptions.AUTO)) {
      return List.of(StorageType.named(options.unet()));
    }
    List<StorageType> storageTypes = floating(folder.unet());
    storageTypes.add(StorageType.DISK);
    return storageTypes;
  }

  /**
   * As computed; where that is float32, then the file's own half precision, which loses nothing.
   */
  private List<StorageType> floating(Path weights) {
    List<StorageType> storageTypes = new ArrayList<>(List.of(StorageType.of(precision)));
    if (precision == Precision.FLOAT32) {
      boolean half = tensors(weights).stream().anyMatch(t -> t.type() == DataType.FLOAT16);
      storageTypes.add(half ? StorageType.FLOAT16 : StorageType.BFLOAT16);
    }
    return storageTypes;
  }

  private MemoryPlan.Part textEncoder(StorageType storageType) {
    LoadOptions loading = new LoadOptions(precision, storageType);
    List<TensorInfo> tensors =
        tensors(folder.textEncoder()).stream()
            .filter(tensor -> !tensor.name().contains("output_layer")) // which stays in the file
            .toList();
    // Two prompts' tokens in a feed-forward layer: the widened states, gated, and on their way.
    long activations =
        2L * ChatGlmTokenizer.MAX_LENGTH * 6 * config.textEncoder().feedForwardSize();
    return part("text encoder", loading, tensors, activations);
  }

  private MemoryPlan.Part unet(StorageType storageType) {
    int side = config.unet().sampleSize();
    return part(
        "UNet",
        new LoadOptions(precision, storageType),
        tensors(folder.unet()),
        config.unet().activations(side, side));
  }

  private MemoryPlan.Part vae() {
    LoadOptions loading =
        precision == Precision.FLOAT32
            ? LoadOptions.FLOAT32
            : new LoadOptions(precision, half(tensors(folder.vae())));
    long side = Math.min(config.pictureSize(), PictureDecoding.TILE);
    return part("VAE", loading, tensors(folder.vae()), config.vae().activations(side * side));
  }

  /** In the type of the file if that has 16 bits: then a step can be computed again in float32. */
  private static StorageType half(List<TensorInfo> tensors) {
    return switch (tensors.get(0).type()) {
      case FLOAT16 -> StorageType.FLOAT16;
      case BFLOAT16 -> StorageType.BFLOAT16;
      default -> StorageType.FLOAT32;
    };
  }

  private static MemoryPlan.Part part(
      String name, LoadOptions loading, List<TensorInfo> tensors, long activations) {
    long bytes = 0;
    long converted = 0;
    Quantization quantization = loading.storageType().quantization();
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
