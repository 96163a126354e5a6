package io.github.kolors4j.lora;

import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.lora.LoraFile;
import io.github.kolors4j.internal.lora.ModelLora;
import io.github.kolors4j.internal.lora.UNetNames;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A LoRA and how much of it is applied. Immutable: each setting returns a changed copy.
 *
 * <pre>{@code
 * pipeline.add(Lora.of(Path.of("anime.ckpt")).alpha(2).weight(0.7))
 * }</pre>
 *
 * <p>It changes the UNet, the text encoder, or both, as its file has it. What each layer gets is
 * {@code weight · alpha / rank · up · down}; an alpha that is not set is the one that the file
 * states.
 */
public final class Lora {

  /** Where the matrices come from. */
  @FunctionalInterface
  private interface Source {
    ModelLora read(NDManager manager, UNetNames names);
  }

  /** Null for one in memory. */
  private final @Nullable Path file;

  private final Source source;
  private final OptionalDouble alpha;
  private final double weight;

  private Lora(@Nullable Path file, Source source, OptionalDouble alpha, double weight) {
    this.file = file;
    this.source = source;
    this.alpha = alpha;
    this.weight = weight;
  }

  /**
   * A LoRA in a file, which is read when it is added to a model.
   *
   * @param file a {@code .safetensors} file or a torch checkpoint of DiffSynth-Studio, peft,
   *     diffusers, kohya or ComfyUI, or a folder as peft and diffusers save one
   */
  public static Lora of(Path file) {
    return of(file, (manager, names) -> ModelLora.read(file, manager, names));
  }

  private static Lora of(Path file, Source source) {
    return new Lora(file, source, OptionalDouble.empty(), 1);
  }

  /**
   * The UNet's part of a LoRA in a file, whatever it has for text encoders: files for SDXL change
   * CLIP, too, in whose place Kolors has ChatGLM.
   */
  public static Lora ofUnet(Path file) {
    return of(
        file, (manager, names) -> new ModelLora(LoraFile.readUnet(file, manager, names), null));
  }

  /** The text encoder's part of a LoRA in a file, whatever it has for the UNet. */
  public static Lora ofTextEncoder(Path file) {
    return of(
        file, (manager, names) -> new ModelLora(null, LoraFile.readTextEncoder(file, manager)));
  }

  /**
   * A LoRA in memory, such as one that is being trained. Its matrices stay the caller's, and must
   * live as long as it is attached to a pipeline.
   */
  public static Lora of(ModelLora matrices) {
    return new Lora(null, (manager, names) -> matrices, OptionalDouble.empty(), 1);
  }

  /**
   * Sets alpha, as the course's {@code load_lora(path, lora_alpha=2.0)}: the one that it was
   * trained with for the full effect, less for a part of it.
   *
   * @throws IllegalArgumentException if it is no finite number
   */
  public Lora alpha(double alpha) {
    requireFinite("alpha", alpha, "usually from 1 to 32");
    return new Lora(file, source, OptionalDouble.of(alpha), weight);
  }

  /**
   * Sets how much of the effect there is: 1 for all of it, which is so if this is not set, 0 for
   * none.
   *
   * @throws IllegalArgumentException if it is no finite number
   */
  public Lora weight(double weight) {
    requireFinite("weight", weight, "usually from 0 to 1");
    return new Lora(file, source, alpha, weight);
  }

  private static void requireFinite(String setting, double value, String usual) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "A LoRA's %s is a number, %s, not %s.".formatted(setting, usual, value));
    }
  }

  /** The file's name, or {@code LoRA} for one in memory. */
  public String name() {
    return file == null ? "LoRA" : String.valueOf(file.getFileName());
  }

  /** How much of its effect there is. */
  public double weight() {
    return weight;
  }

  /**
   * Reads its matrices, with the alpha that is set here or else the one that the file states.
   *
   * @param manager the owner of the matrices; those in memory stay where they are
   * @param names the layers of the UNet that it is for
   * @throws LoraException if it is no LoRA for this UNet, or its alpha is neither set nor stated
   * @throws io.github.kolors4j.WeightsException if the file cannot be read
   */
  public ModelLora read(NDManager manager, UNetNames names) {
    ModelLora stored = source.read(manager, names);
    if (alpha.isPresent()) {
      return stored.withAlpha(alpha.getAsDouble());
    }
    if (file != null) {
      stored.parts().forEach(part -> part.requireEffect(file.toString()));
    }
    return stored;
  }

  /** Where it is from, for messages. */
  @Override
  public String toString() {
    return file == null ? "The LoRA" : file.toString();
  }
}
