package io.github.kolors4j.internal.lora;

import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.lora.LoraKey.Network;
import io.github.kolors4j.lora.LoraException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The adapters of one file: the UNet's, the text encoder's, or both, as diffusers saves them
 * together. Closing it frees them.
 *
 * @param unet the UNet's, or null
 * @param textEncoder the text encoder's (ChatGLM), or null
 */
public record ModelLora(@Nullable LoraWeights unet, @Nullable LoraWeights textEncoder)
    implements AutoCloseable {

  /**
   * @throws IllegalArgumentException if there is neither
   */
  public ModelLora {
    if (unet == null && textEncoder == null) {
      throw new IllegalArgumentException("A LoRA without layers changes nothing.");
    }
  }

  /**
   * Reads all adapters of a file, in whichever format it is.
   *
   * @param path a safetensors file ({@code .safetensors}), a torch checkpoint, or a folder as peft
   *     or diffusers saves one
   * @param manager the owner of the matrices, which are read as {@code FLOAT32}
   * @param names the layers of the UNet that it is for
   * @throws LoraException if the file has anything that has no place in Kolors, or a layer is
   *     incomplete
   * @throws io.github.kolors4j.WeightsException if the file cannot be read
   */
  public static ModelLora read(Path path, NDManager manager, UNetNames names) {
    try (LoraReader reader = LoraReader.open(path, names)) {
      reader.requireNoClip();
      LoraWeights unet = reader.has(Network.UNET) ? reader.read(Network.UNET, manager) : null;
      try {
        LoraWeights text =
            reader.has(Network.TEXT_ENCODER) ? reader.read(Network.TEXT_ENCODER, manager) : null;
        return new ModelLora(unet, text);
      } catch (RuntimeException e) {
        if (unet != null) {
          unet.close();
        }
        throw e;
      }
    }
  }

  /** The adapters that there are. */
  public List<LoraWeights> parts() {
    return Stream.of(unet, textEncoder).filter(Objects::nonNull).toList();
  }

  /** The same matrices (not copies) with one alpha for all layers. */
  public ModelLora withAlpha(double alpha) {
    return new ModelLora(
        unet == null ? null : unet.withAlpha(alpha),
        textEncoder == null ? null : textEncoder.withAlpha(alpha));
  }

  @Override
  public void close() {
    parts().forEach(LoraWeights::close);
  }
}
