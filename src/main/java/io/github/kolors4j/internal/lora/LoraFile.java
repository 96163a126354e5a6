package io.github.kolors4j.internal.lora;

import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.lora.LoraKey.Network;
import io.github.kolors4j.lora.LoraException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes adapters in all {@linkplain LoraFormat formats}.
 *
 * <p>Alpha, as the originals have it: the matrices are applied with {@code alpha / rank} (peft
 * {@code tuners/lora/layer.py}, sd-scripts {@code networks/lora.py}), or with {@code alpha / √rank}
 * if peft's configuration says {@code use_rslora}. Kohya's files state alpha for each layer and
 * mean the rank where they do not. Diffusers' state it in their {@code lora_adapter_metadata}, for
 * all layers and by patterns; without, the first layer's rank is the alpha of all, so that {@code
 * up * down} is added as it is where ranks are the same ({@code utils/peft_utils.py}). Peft's
 * folders state it in {@code adapter_config.json}. Checkpoints of DiffSynth-Studio, and peft's
 * matrices alone, leave alpha to whoever loads them.
 */
public final class LoraFile {

  private LoraFile() {}

  /**
   * Tells an adapter's format by its keys.
   *
   * @param keys the names of the file's tensors
   */
  public static LoraFormat detect(Set<String> keys) {
    boolean kohya = false;
    for (String key : keys) {
      if (key.startsWith("lora_unet_") || key.startsWith("lycoris_")) {
        kohya = true;
        if (key.matches("[a-z]+_unet_(input_blocks|middle_block|output_blocks)_.*")) {
          return LoraFormat.KOHYA_SDXL;
        }
      } else if (key.startsWith("diffusion_model.")) {
        return LoraFormat.COMFYUI;
      } else if (key.startsWith("unet.") || key.startsWith("text_encoder.")) {
        return LoraFormat.DIFFUSERS;
      } else if (key.matches("(base_model\\.model\\.)?blocks\\.\\d+\\..*")) {
        return LoraFormat.DIFFSYNTH;
      }
    }
    return kohya ? LoraFormat.KOHYA : LoraFormat.PEFT;
  }

  /**
   * Reads the adapter of a UNet, in whichever format it is.
   *
   * @param path a safetensors file ({@code .safetensors}), a torch checkpoint, or a folder as peft
   *     or diffusers saves one
   * @param manager the owner of the matrices, which are read as {@code FLOAT32}
   * @param names the layers of the UNet that it is for
   * @throws LoraException if the file has a key that belongs to no layer of the UNet, such as one
   *     of a text encoder, or a layer is incomplete
   * @throws io.github.kolors4j.WeightsException if the file cannot be read
   */
  public static LoraWeights read(Path path, NDManager manager, UNetNames names) {
    try (LoraReader reader = LoraReader.open(path, names)) {
      reader.requireNoClip();
      if (reader.has(Network.TEXT_ENCODER)) {
        throw reader.lacks(
            "UNet's adapter alone but one of the text encoder, too: read both with ModelLora.read, or the UNet's with readUnet.");
      }
      return reader.read(Network.UNET, manager);
    }
  }

  /**
   * Reads the adapter of a UNet and leaves alone what the file has for text encoders: ChatGLM, or
   * SDXL's two CLIPs.
   *
   * @param path as in {@link #read}
   * @throws LoraException if the file has no adapter of a UNet, or as {@link #read}
   */
  public static LoraWeights readUnet(Path path, NDManager manager, UNetNames names) {
    try (LoraReader reader = LoraReader.open(path, names)) {
      if (!reader.has(Network.UNET)) {
        throw reader.lacks("UNet's LoRA: it is for a text encoder only.");
      }
      return reader.read(Network.UNET, manager);
    }
  }

  /**
   * Reads an adapter of ChatGLM. Those of other networks in the same file, such as {@code unet.},
   * are left alone.
   *
   * @param path as in {@link #read}
   * @throws LoraException if the file has no text encoder's adapter, or an incomplete one
   */
  public static LoraWeights readTextEncoder(Path path, NDManager manager) {
    try (LoraReader reader = LoraReader.open(path, null)) {
      if (!reader.has(Network.TEXT_ENCODER)) {
        reader.requireNoClip();
        throw reader.lacks(
            "text encoder's LoRA: no key begins with text_encoder. (or encoder.layers.) and ends with lora_A.weight.");
      }
      return reader.read(Network.TEXT_ENCODER, manager);
    }
  }

  /**
   * Writes the adapter of a text encoder as diffusers saves one: safetensors with {@code
   * text_encoder.encoder.layers.0.self_attention.query_key_value.lora_A.weight}, {@code
   * …lora_B.weight} and with DoRA {@code …lora_magnitude_vector}, and peft's configuration in the
   * header.
   *
   * @throws LoraException if its alpha is not known
   */
  public static void writeTextEncoder(Path path, LoraWeights weights) {
    write(path, new ModelLora(null, weights), LoraFormat.DIFFUSERS, null);
  }

  /**
   * Writes an adapter beside its target and moves it into place: a safetensors file if the name
   * ends in {@code .safetensors}, a torch checkpoint if it ends in {@code .ckpt}, {@code .pt},
   * {@code .pth} or {@code .bin}, and in peft's format a folder with its configuration if it ends
   * in none of these.
   *
   * @param names the layers of the UNet that it is for
   * @throws LoraException if the UNet lacks a layer, the format states alpha and the adapter has
   *     none, or the format cannot say what the adapter does
   * @throws io.github.kolors4j.WeightsException if the file cannot be written
   */
  public static void write(Path path, LoraWeights weights, LoraFormat format, UNetNames names) {
    write(path, new ModelLora(weights, null), format, names);
  }

  /**
   * Writes the adapters of a model as {@link #write(Path, LoraWeights, LoraFormat, UNetNames)}
   * does. Only diffusers' format has names for both networks.
   *
   * @param names null if there is none for the UNet
   * @throws LoraException as there, and if the format has no names for the text encoder
   */
  public static void write(
      Path path, ModelLora lora, LoraFormat format, @Nullable UNetNames names) {
    new LoraWriter(format, names).write(path, lora);
  }

  /**
   * The alpha with which a file has to be loaded that states none: DiffSynth-Studio's, and peft's
   * matrices without their configuration. Where layers had different ones, it is the most common,
   * and the others are multiplied into the matrices.
   *
   * @return empty if the adapter's alpha is not known
   */
  public static OptionalDouble alphaToLoadWith(LoraWeights weights) {
    return LoraWriter.commonAlpha(weights);
  }
}
