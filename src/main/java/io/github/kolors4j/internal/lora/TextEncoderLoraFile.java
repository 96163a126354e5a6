package io.github.kolors4j.internal.lora;

import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.lora.LoraKey.Network;
import io.github.kolors4j.lora.LoraException;
import java.nio.file.Path;

/**
 * Reads and writes the adapter of a text encoder, as diffusers saves one ({@code
 * save_lora_weights(text_encoder_lora_layers=…)}): safetensors with {@code
 * text_encoder.encoder.layers.0.self_attention.query_key_value.lora_A.weight}, {@code
 * …lora_B.weight} and with DoRA {@code …lora_magnitude_vector}, and peft's configuration in the
 * header.
 */
public final class TextEncoderLoraFile {

  private TextEncoderLoraFile() {}

  /**
   * Writes an adapter beside its target and moves it into place.
   *
   * @throws LoraException if its alpha is not known
   */
  public static void write(Path path, LoraWeights weights) {
    LoraFile.write(path, new ModelLora(null, weights), LoraFormat.DIFFUSERS, null);
  }

  /**
   * Reads an adapter of ChatGLM. Those of other networks in the same file, such as {@code unet.},
   * are left alone.
   *
   * @param path a file, or a folder as peft saves one
   * @param manager the owner of the matrices, which are read as {@code FLOAT32}
   * @throws LoraException if the file has no text encoder's adapter, or an incomplete one
   */
  public static LoraWeights read(Path path, NDManager manager) {
    try (LoraReader reader = LoraReader.open(path, null)) {
      if (!reader.has(Network.TEXT_ENCODER)) {
        reader.requireNoClip();
        throw reader.lacks(
            "text encoder's LoRA: no key begins with text_encoder. (or encoder.layers.) and ends with lora_A.weight.");
      }
      return reader.read(Network.TEXT_ENCODER, manager);
    }
  }
}
