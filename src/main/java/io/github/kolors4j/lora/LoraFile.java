package io.github.kolors4j.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.kolors4j.weights.SafetensorsWriter;
import io.github.kolors4j.weights.TensorFile;
import io.github.kolors4j.weights.TorchWriter;
import io.github.kolors4j.weights.WeightFolder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and writes adapters in all {@linkplain LoraFormat formats}.
 *
 * <p>Alpha, as the originals have it: the matrices are applied with {@code alpha / rank} (peft
 * {@code tuners/lora/layer.py}, sd-scripts {@code networks/lora.py}). Kohya's files state alpha for
 * each layer and mean the rank where they do not. Diffusers adds {@code up * down} as it is, unless
 * the file's {@code lora_adapter_metadata} says otherwise ({@code utils/peft_utils.py}).
 * Checkpoints of DiffSynth-Studio and peft leave alpha to whoever loads them.
 */
public final class LoraFile {

  /** Where diffusers keeps peft's configuration in a safetensors file. */
  static final String ADAPTER_METADATA = "lora_adapter_metadata";

  /**
   * Layer name, then how the different formats name the first matrix, the second, alpha, and DoRA's
   * magnitude. A layer name that ends in {@code _lora} is diffusers' before version 0.22, of its
   * attention processors.
   */
  private static final Pattern KEY =
      Pattern.compile(
          "(.+?)\\.(?:(lora_A(?:\\.default)?\\.weight|lora_down\\.weight|(?:lora\\.)?down\\.weight)"
              + "|(lora_B(?:\\.default)?\\.weight|lora_up\\.weight|(?:lora\\.)?up\\.weight)|(alpha)"
              + "|(lora_magnitude_vector(?:\\.default)?(?:\\.weight)?|dora_scale))");

  private LoraFile() {}

  /** The parts of one layer, as they turn up in the file. */
  private static final class Parts {

    private String down;
    private String up;
    private String alpha;
    private String magnitude;
  }

  /**
   * Tells an adapter's format by its keys.
   *
   * @param keys the names of the file's tensors
   */
  public static LoraFormat detect(Set<String> keys) {
    boolean kohya = false;
    for (String key : keys) {
      if (key.startsWith("lora_unet_")) {
        kohya = true;
        if (key.matches("lora_unet_(input_blocks|middle_block|output_blocks)_.*")) {
          return LoraFormat.KOHYA_SDXL;
        }
      } else if (key.startsWith("diffusion_model.")) {
        return LoraFormat.COMFYUI;
      } else if (key.startsWith("unet.")) {
        return LoraFormat.DIFFUSERS;
      } else if (key.matches("blocks\\.\\d+\\..*")) {
        return LoraFormat.DIFFSYNTH;
      }
    }
    return kohya ? LoraFormat.KOHYA : LoraFormat.PEFT;
  }

  /**
   * Reads an adapter, in whichever format it is.
   *
   * @param path a safetensors file ({@code .safetensors}) or a torch checkpoint
   * @param manager the owner of the matrices, which are read as {@code FLOAT32}
   * @param names the layers of the UNet that it is for
   * @throws LoraException if the file has a key that belongs to no layer, or a layer is incomplete
   * @throws io.github.kolors4j.weights.WeightsException if the file cannot be read
   */
  public static LoraWeights read(Path path, NDManager manager, UNetNames names) {
    try (TensorFile file = WeightFolder.openFile(path)) {
      LoraFormat format = detect(file.names());
      Map<String, Parts> layers = new LinkedHashMap<>();
      for (String key : file.names()) {
        assign(path, key, format, names, layers);
      }
      if (layers.isEmpty()) {
        throw new LoraException(path + " holds no LoRA: it has no tensors.");
      }
      return readLayers(path, file, format, layers, manager);
    }
  }

  private static void assign(
      Path path, String key, LoraFormat format, UNetNames names, Map<String, Parts> layers) {
    Matcher matcher = KEY.matcher(key);
    if (!matcher.matches()) {
      throw new LoraException(
          "%s: '%s' is no part of a LoRA (a down or up matrix, an alpha, or a magnitude). LoRA and DoRA are read, not LoHa or LoKr, nor a whole model."
              .formatted(path, key));
    }
    String name =
        matcher
            .group(1)
            .replaceFirst("^base_model\\.model\\.", "")
            .replaceFirst("\\.processor\\.(to_[qkv])_lora$", ".$1")
            .replaceFirst("\\.processor\\.to_out_lora$", ".to_out.0");
    Parts parts;
    try {
      parts = layers.computeIfAbsent(names.fromFormat(name, format), layer -> new Parts());
    } catch (LoraException e) {
      throw new LoraException(
          "%s: the key '%s' fits no layer. %s The LoRA may be for another model."
              .formatted(path, key, e.getMessage()),
          e);
    }
    String before;
    if (matcher.group(2) != null) {
      before = parts.down;
      parts.down = key;
    } else if (matcher.group(3) != null) {
      before = parts.up;
      parts.up = key;
    } else if (matcher.group(4) != null) {
      before = parts.alpha;
      parts.alpha = key;
    } else {
      before = parts.magnitude;
      parts.magnitude = key;
    }
    if (before != null) {
      throw new LoraException(
          "%s: '%s' and '%s' are for the same layer.".formatted(path, before, key));
    }
  }

  private static LoraWeights readLayers(
      Path path, TensorFile file, LoraFormat format, Map<String, Parts> layers, NDManager manager) {
    OptionalDouble stated = statedAlpha(path, file.metadata(), "unet.");
    Map<String, LoraLayer> result = new LinkedHashMap<>();
    boolean complete = false;
    try {
      for (Map.Entry<String, Parts> entry : layers.entrySet()) {
        Parts parts = entry.getValue();
        if (parts.down == null || parts.up == null) {
          throw new LoraException(
              "%s lacks the %s matrix of layer '%s': the file is incomplete, save or download it again."
                  .formatted(path, parts.down == null ? "down" : "up", entry.getKey()));
        }
        NDArray down = readFloats(file, parts.down, manager);
        NDArray up = readFloats(file, parts.up, manager);
        NDArray magnitude =
            parts.magnitude == null ? null : readFloats(file, parts.magnitude, manager);
        result.put(entry.getKey(), layer(path, entry.getKey(), down, up, magnitude));
        LoraLayer layer = result.get(entry.getKey());
        if (parts.alpha != null) {
          try (NDArray alpha = readFloats(file, parts.alpha, manager)) {
            result.put(entry.getKey(), layer.withAlpha(alpha.sum().toFloatArray()[0]));
          }
        } else if (stated.isPresent()) {
          result.put(entry.getKey(), layer.withAlpha(stated.getAsDouble()));
        } else if (format != LoraFormat.DIFFSYNTH && format != LoraFormat.PEFT) {
          result.put(entry.getKey(), layer.withAlpha(layer.rank()));
        }
      }
      complete = true;
      return new LoraWeights(result);
    } finally {
      if (!complete && !result.isEmpty()) {
        new LoraWeights(result).close();
      }
    }
  }

  private static LoraLayer layer(
      Path path, String name, NDArray down, NDArray up, NDArray magnitude) {
    try {
      LoraLayer layer = new LoraLayer(down, up);
      // peft has one number a row, kohya a column of them
      return magnitude == null ? layer : layer.withMagnitude(magnitude.flatten());
    } catch (IllegalArgumentException e) {
      down.close();
      up.close();
      throw new LoraException("%s: layer '%s': %s".formatted(path, name, e.getMessage()), e);
    }
  }

  private static NDArray readFloats(TensorFile file, String key, NDManager manager) {
    NDArray array = file.read(key, manager);
    if (array.getDataType() == DataType.FLOAT32) {
      return array;
    }
    try (array) {
      return array.toType(DataType.FLOAT32, true);
    }
  }

  /**
   * The alpha in diffusers' metadata, a JSON object such as {@code {"unet.lora_alpha": 4}}.
   *
   * @param network in front of the names, for example {@code unet.}
   */
  static OptionalDouble statedAlpha(Path path, Map<String, String> metadata, String network) {
    String json = metadata.get(ADAPTER_METADATA);
    if (json == null) {
      return OptionalDouble.empty();
    }
    try {
      JsonObject config = JsonParser.parseString(json).getAsJsonObject();
      JsonElement pattern = config.get(network + "alpha_pattern");
      if (pattern != null && pattern.isJsonObject() && !pattern.getAsJsonObject().isEmpty()) {
        throw new LoraException(
            path + " states different alphas for layers in its metadata, which is not read here.");
      }
      JsonElement alpha = config.get(network + "lora_alpha");
      return alpha == null ? OptionalDouble.empty() : OptionalDouble.of(alpha.getAsDouble());
    } catch (JsonParseException
        | IllegalStateException
        | UnsupportedOperationException
        | NumberFormatException e) {
      throw new LoraException(
          "%s has %s that is no JSON object with numbers: save it again."
              .formatted(path, ADAPTER_METADATA),
          e);
    }
  }

  /**
   * Writes an adapter beside its target and moves it into place: a safetensors file if the name
   * ends in {@code .safetensors}, otherwise a torch checkpoint.
   *
   * @param names the layers of the UNet that it is for
   * @throws LoraException if the UNet lacks a layer, or the format states alpha and the adapter has
   *     none
   * @throws io.github.kolors4j.weights.WeightsException if the file cannot be written
   */
  public static void write(Path path, LoraWeights weights, LoraFormat format, UNetNames names) {
    NDArray any = weights.layers().values().iterator().next().down();
    try (NDManager manager = any.getManager().newSubManager()) {
      Map<String, NDArray> tensors = new LinkedHashMap<>();
      weights
          .layers()
          .forEach(
              (layer, matrices) ->
                  put(tensors, names.inFormat(layer, format), matrices, format, manager));
      if (path.getFileName().toString().endsWith(".safetensors")) {
        boolean diffusers = format == LoraFormat.DIFFUSERS;
        SafetensorsWriter.write(path, tensors, diffusers ? Map.of("format", "pt") : Map.of());
      } else {
        TorchWriter.write(path, tensors);
      }
    }
  }

  private static void put(
      Map<String, NDArray> tensors,
      String name,
      LoraLayer layer,
      LoraFormat format,
      NDManager manager) {
    switch (format) {
      case DIFFSYNTH, PEFT -> {
        tensors.put(name + ".lora_A.default.weight", layer.down());
        tensors.put(name + ".lora_B.default.weight", layer.up());
        putMagnitude(tensors, name + ".lora_magnitude_vector.default.weight", layer);
      }
      case DIFFUSERS -> {
        tensors.put(name + ".lora_A.weight", layer.down());
        tensors.put(name + ".lora_B.weight", scaledUp(layer, manager));
        putMagnitude(tensors, name + ".lora_magnitude_vector", layer);
      }
      case KOHYA, KOHYA_SDXL, COMFYUI -> {
        double alpha = layer.scale() * layer.rank();
        tensors.put(name + ".lora_down.weight", layer.down());
        tensors.put(name + ".lora_up.weight", layer.up());
        tensors.put(name + ".alpha", manager.create((float) alpha));
        if (layer.magnitude() != null) {
          NDArray column = layer.magnitude().expandDims(1);
          column.attach(manager);
          tensors.put(name + ".dora_scale", column);
        }
      }
    }
  }

  private static void putMagnitude(Map<String, NDArray> tensors, String name, LoraLayer layer) {
    if (layer.magnitude() != null) {
      tensors.put(name, layer.magnitude());
    }
  }

  private static NDArray scaledUp(LoraLayer layer, NDManager manager) {
    if (layer.scale() == 1) {
      return layer.up();
    }
    NDArray scaled = layer.up().mul(layer.scale());
    scaled.attach(manager);
    return scaled;
  }
}
