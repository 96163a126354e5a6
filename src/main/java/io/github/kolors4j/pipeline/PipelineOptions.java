package io.github.kolors4j.pipeline;

import ai.djl.Device;
import io.github.kolors4j.KolorsException;
import io.github.kolors4j.internal.pipeline.ModelConfig;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.weights.StorageType;
import java.util.List;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a pipeline is loaded: what it computes with, and how it is held in memory. Immutable: each
 * setting returns a changed copy.
 *
 * <pre>{@code
 * KolorsPipeline.options().precision("bf16").textEncoder("int8").load(models)
 * }</pre>
 *
 * <p>What is not set is {@code "auto"}: on a GPU in float16, else in float32, with weights in the
 * first way in which they fit: as they are computed with; in the file's own half precision; the
 * text encoder in eight bits; from disk, layer by layer.
 *
 * @param precision what networks compute with: {@code auto}, {@code fp32}, {@code bf16} or {@code
 *     fp16}
 * @param textEncoder how the text encoder's weights are held: {@code auto} or a {@link
 *     StorageType}'s name: {@code fp32}, {@code bf16}, {@code fp16}, {@code int8}, {@code int4},
 *     {@code disk}
 * @param unet how the UNet's weights are held, likewise, but not in eight or four bits
 * @param device {@code auto}, {@code cpu} or {@code gpu}
 * @param memory GiB to make do with; nothing for all that is free
 * @param tiles whether pictures are decoded in tiles: {@code auto} (when the whole does not fit),
 *     {@code on} or {@code off}
 * @param onDemand whether each network is loaded when it is first used, not at once
 */
public record PipelineOptions(
    String precision,
    String textEncoder,
    String unet,
    String device,
    OptionalDouble memory,
    String tiles,
    boolean onDemand) {
  static final String AUTO = "auto";

  private static final Logger LOG = LoggerFactory.getLogger(PipelineOptions.class);

  /** Checks each value. */
  public PipelineOptions {
    if (!precision.equals(AUTO)) {
      Precision.named(precision);
    }
    if (!textEncoder.equals(AUTO)) {
      StorageType.named(textEncoder);
    }
    if (!unet.equals(AUTO) && StorageType.named(unet).quantization() != null) {
      throw new IllegalArgumentException(
          "Only the text encoder is held in %s; the UNet can be held as fp32, bf16, fp16 or disk."
              .formatted(unet));
    }
    requireOneOf("device", device, List.of(AUTO, "cpu", "gpu"));
    requireOneOf("tiles", tiles, List.of(AUTO, "on", "off"));
    if (memory.isPresent() && !(memory.getAsDouble() > 0)) {
      throw new IllegalArgumentException(
          "The memory to make do with is a number of GiB above 0, not " + memory.getAsDouble());
    }
  }

  private static void requireOneOf(String option, String value, List<String> known) {
    if (!known.contains(value)) {
      throw new IllegalArgumentException(
          "%s is one of %s, not \"%s\".".formatted(option, String.join(", ", known), value));
    }
  }

  /** Everything automatic. */
  static PipelineOptions automatic() {
    return new PipelineOptions(AUTO, AUTO, AUTO, AUTO, OptionalDouble.empty(), AUTO, false);
  }

  /** What networks compute with: {@code auto}, {@code fp32}, {@code bf16} or {@code fp16}. */
  public PipelineOptions precision(String precision) {
    return new PipelineOptions(precision, textEncoder, unet, device, memory, tiles, onDemand);
  }

  /** How the text encoder is held, such as {@code int8}. */
  public PipelineOptions textEncoder(String storageType) {
    return new PipelineOptions(precision, storageType, unet, device, memory, tiles, onDemand);
  }

  /** How the UNet is held, such as {@code disk}. */
  public PipelineOptions unet(String storageType) {
    return new PipelineOptions(
        precision, textEncoder, storageType, device, memory, tiles, onDemand);
  }

  /** What computes: {@code auto}, {@code cpu} or {@code gpu}. */
  public PipelineOptions device(String device) {
    return new PipelineOptions(precision, textEncoder, unet, device, memory, tiles, onDemand);
  }

  /** At most this many GiB, even if more are free. */
  public PipelineOptions memory(double gibibytes) {
    return new PipelineOptions(
        precision, textEncoder, unet, device, OptionalDouble.of(gibibytes), tiles, onDemand);
  }

  /**
   * Loads each network when it is first used: a pipeline that only encodes prompts never holds the
   * UNet. What is wrong with a network then shows at its first use.
   */
  public PipelineOptions loadedOnDemand() {
    return new PipelineOptions(precision, textEncoder, unet, device, memory, tiles, true);
  }

  /** Whether pictures are decoded in tiles: {@code auto}, {@code on} or {@code off}. */
  public PipelineOptions tiles(String tiles) {
    return new PipelineOptions(precision, textEncoder, unet, device, memory, tiles, onDemand);
  }

  /**
   * What would be held where, from the headers of the model's files alone.
   *
   * @throws NotEnoughMemoryException if the model does not fit like this
   * @throws io.github.kolors4j.WeightsException if a part is missing or damaged
   */
  public MemoryPlan plan(ModelFolder folder) {
    return plan(folder, ModelConfig.read(folder));
  }

  MemoryPlan plan(ModelFolder folder, ModelConfig config) {
    return new MemoryPlanner(folder, config, this).plan();
  }

  /**
   * Loads a model.
   *
   * @throws NotEnoughMemoryException if it does not fit like this
   * @throws io.github.kolors4j.WeightsException if a part is missing, damaged or of another model;
   *     nothing stays in memory then
   */
  public KolorsPipeline load(ModelFolder folder) {
    return KolorsPipeline.load(folder, this);
  }

  Device chosenDevice() {
    int gpus = device.equals("cpu") ? 0 : gpuCount();
    if (device.equals("gpu") && gpus == 0) {
      throw new IllegalStateException(
          "PyTorch finds no GPU here. `environment/doctor` says what is missing; device(\"cpu\") computes without.");
    }
    return gpus > 0 ? Device.gpu() : Device.cpu();
  }

  /** A driver that cannot be asked is as none, which is said. */
  private static int gpuCount() {
    try {
      return PyTorch.engine().getGpuCount();
    } catch (KolorsException e) {
      throw e; // PyTorch itself is missing
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("Whether there is a GPU cannot be found out ({}): none is used.", e.toString());
      return 0;
    }
  }

  Precision chosenPrecision(Device chosen) {
    if (!precision.equals(AUTO)) {
      return Precision.named(precision);
    }
    return chosen.isGpu() ? Precision.FLOAT16 : Precision.FLOAT32;
  }
}
