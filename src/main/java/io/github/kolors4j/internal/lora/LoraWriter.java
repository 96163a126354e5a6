package io.github.kolors4j.internal.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import io.github.kolors4j.internal.weights.TorchWriter;
import io.github.kolors4j.lora.LoraException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Writes adapters in one format. */
final class LoraWriter {
  private static final Gson JSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeNulls().create();

  private final LoraFormat format;
  private final @Nullable UNetNames names;

  LoraWriter(LoraFormat format, @Nullable UNetNames names) {
    this.format = format;
    this.names = names;
  }

  /** The alpha of most layers as alpha / rank has it, or nothing if one is not known. */
  static OptionalDouble commonAlpha(LoraWeights weights) {
    return weights.layers().values().stream().anyMatch(layer -> layer.alpha().isEmpty())
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            AdapterConfig.mostCommon(
                weights.layers().values().stream().map(LoraWriter::plainAlpha).toList()));
  }

  /** The alpha that makes the layer's scale when it is divided by the rank. */
  private static double plainAlpha(LoraLayer layer) {
    return layer.rankStabilised() ? layer.scale() * layer.rank() : layer.alpha().getAsDouble();
  }

  void write(Path path, ModelLora lora) {
    String name = path.getFileName().toString();
    boolean safetensors = name.endsWith(".safetensors");
    boolean torch = name.matches(".*\\.(ckpt|pt|pth|bin)");
    boolean folder = format == LoraFormat.PEFT && !safetensors && !torch;
    if (!safetensors && !torch && !folder) {
      throw new LoraException(
          "%s: a LoRA is written as .safetensors or as a torch checkpoint (.ckpt, .pt, .pth, .bin); name it so."
              .formatted(path));
    }
    requireNames(path, lora, folder);
    LoraWeights first = lora.parts().get(0);
    NDArray any = first.layers().values().iterator().next().down();
    try (NDManager manager = any.getManager().newSubManager()) {
      if (folder) {
        writeFolder(path, first, lora.unet() != null, manager);
        return;
      }
      Map<String, NDArray> tensors = new LinkedHashMap<>();
      Map<String, String> metadata = new LinkedHashMap<>();
      if (format == LoraFormat.DIFFUSERS) {
        metadata.put("format", "pt");
      }
      JsonObject config = new JsonObject();
      if (lora.unet() != null) {
        putUnet(path, tensors, config, lora.unet(), lora.textEncoder() != null, manager);
      }
      if (lora.textEncoder() != null) {
        putTextEncoder(path, tensors, config, lora.textEncoder());
      }
      if (!config.isEmpty()) {
        if (torch) {
          throw new LoraException(
              "%s: diffusers reads layers of different ranks, and a text encoder's, by what a .safetensors file says in its header; name it so."
                  .formatted(path));
        }
        metadata.put(AdapterConfig.METADATA, new Gson().toJson(config));
      }
      if (safetensors) {
        SafetensorsWriter.write(path, tensors, metadata);
      } else {
        TorchWriter.write(path, tensors);
      }
    }
  }

  private void requireNames(Path path, ModelLora lora, boolean folder) {
    boolean both = lora.unet() != null && lora.textEncoder() != null;
    boolean named = format == LoraFormat.DIFFUSERS || folder && !both;
    if (lora.textEncoder() != null && !named) {
      throw new LoraException(
          "%s: the format %s has no names for ChatGLM's layers%s. Write diffusers', which has, or the UNet's alone: --lora-unet-only, in code lora.unet()."
              .formatted(
                  path, format.name().toLowerCase(Locale.ROOT), both ? " beside the UNet's" : ""));
    }
  }

  private void putUnet(
      Path path,
      Map<String, NDArray> tensors,
      JsonObject config,
      LoraWeights weights,
      boolean both,
      NDManager manager) {
    UNetNames layers = Objects.requireNonNull(names, "The layers of the UNet are not given.");
    if (format != LoraFormat.DIFFSYNTH && format != LoraFormat.PEFT) {
      weights.requireEffect("The LoRA for " + path);
    }
    OptionalDouble common = commonAlpha(weights);
    weights
        .layers()
        .forEach(
            (layer, matrices) -> {
              requireRows(path, layer, matrices);
              put(tensors, layers.inFormat(layer, format), matrices, common, manager);
            });
    boolean ranksDiffer =
        weights.layers().values().stream().mapToInt(LoraLayer::rank).distinct().count() > 1;
    if (format == LoraFormat.DIFFUSERS && (ranksDiffer || both)) {
      // The scales are in the matrices, so that each layer's alpha is its rank. Metadata for one
      // network make diffusers ask for the other's.
      AdapterConfig.describe(weights.layers(), layer -> (double) layer.rank(), false)
          .entrySet()
          .forEach(entry -> config.add("unet." + entry.getKey(), entry.getValue()));
    }
  }

  private void requireRows(Path path, String layer, LoraLayer matrices) {
    boolean columns =
        format == LoraFormat.KOHYA
            || format == LoraFormat.KOHYA_SDXL
            || format == LoraFormat.COMFYUI;
    if (matrices.perColumn() && !columns) {
      throw new LoraException(
          "%s: layer '%s' has lengths of columns (LyCORIS's wd_on_out false), and the format %s knows those of rows only. Write kohya's or ComfyUI's, or merge it into a model."
              .formatted(path, layer, format.name().toLowerCase(Locale.ROOT)));
    }
  }

  private void put(
      Map<String, NDArray> tensors,
      String name,
      LoraLayer layer,
      OptionalDouble common,
      NDManager manager) {
    switch (format) {
      case DIFFSYNTH, PEFT -> {
        tensors.put(name + ".lora_A.default.weight", layer.down());
        // One alpha is given when it is loaded: what a layer's own differs by goes into the matrix.
        double factor = common.isEmpty() ? 1 : ratio(plainAlpha(layer), common.getAsDouble());
        tensors.put(name + ".lora_B.default.weight", times(layer.up(), factor, manager));
        putMagnitude(tensors, name + ".lora_magnitude_vector.default.weight", layer, manager);
      }
      case DIFFUSERS -> {
        tensors.put(name + ".lora_A.weight", layer.down());
        tensors.put(name + ".lora_B.weight", times(layer.up(), layer.scale(), manager));
        putMagnitude(tensors, name + ".lora_magnitude_vector", layer, manager);
      }
      case KOHYA, KOHYA_SDXL, COMFYUI -> {
        tensors.put(name + ".lora_down.weight", layer.down());
        tensors.put(name + ".lora_up.weight", layer.up());
        tensors.put(name + ".alpha", manager.create((float) plainAlpha(layer)));
        NDArray magnitude = layer.magnitude();
        if (magnitude != null) {
          int axis = layer.perColumn() ? 1 : 0;
          tensors.put(name + ".dora_scale", alongAxis(magnitude, layer, axis, manager));
        }
      }
    }
  }

  private static double ratio(double own, double common) {
    return own == common ? 1 : own / common; // 0 of 0 among them
  }

  private static NDArray times(NDArray up, double factor, NDManager manager) {
    if (factor == 1) {
      return up;
    }
    NDArray scaled = TensorOperators.scale(up, factor);
    scaled.attach(manager);
    return scaled;
  }

  /** Peft has the rows' lengths of a convolution along the second axis of four. */
  private static void putMagnitude(
      Map<String, NDArray> tensors, String name, LoraLayer layer, NDManager manager) {
    NDArray magnitude = layer.magnitude();
    if (magnitude != null) {
      boolean convolution = layer.down().getShape().dimension() == 4;
      tensors.put(name, convolution ? alongAxis(magnitude, layer, 1, manager) : magnitude);
    }
  }

  /** DoRA's lengths in as many dimensions as the matrices have. */
  private static NDArray alongAxis(
      NDArray magnitude, LoraLayer layer, int axis, NDManager manager) {
    long[] shape = new long[layer.down().getShape().dimension()];
    Arrays.fill(shape, 1);
    shape[axis] = magnitude.size();
    NDArray shaped = magnitude.reshape(new Shape(shape));
    shaped.attach(manager);
    return shaped;
  }

  /** With alpha beside the matrices, which diffusers' metadata has a place for. */
  private static void putTextEncoder(
      Path path, Map<String, NDArray> tensors, JsonObject config, LoraWeights weights) {
    weights.requireEffect("The LoRA for " + path);
    weights
        .layers()
        .forEach(
            (name, layer) -> {
              String key = "text_encoder." + name;
              tensors.put(key + ".lora_A.weight", layer.down());
              tensors.put(key + ".lora_B.weight", layer.up());
              if (layer.magnitude() != null) {
                tensors.put(key + ".lora_magnitude_vector", layer.magnitude());
              }
            });
    describe(weights)
        .entrySet()
        .forEach(entry -> config.add("text_encoder." + entry.getKey(), entry.getValue()));
  }

  /** Alphas as they are; those of rsLoRA as such if all layers are. */
  private static JsonObject describe(LoraWeights weights) {
    boolean all = weights.layers().values().stream().allMatch(LoraLayer::rankStabilised);
    return AdapterConfig.describe(
        weights.layers(), layer -> all ? layer.alpha().getAsDouble() : plainAlpha(layer), all);
  }

  /** A folder as peft's {@code save_pretrained} leaves it. */
  private static void writeFolder(
      Path folder, LoraWeights weights, boolean unet, NDManager manager) {
    weights.requireEffect("The LoRA for " + folder);
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    weights
        .layers()
        .forEach(
            (name, layer) -> {
              if (layer.perColumn()) {
                throw new LoraException(
                    "%s: layer '%s' has lengths of columns (LyCORIS's wd_on_out false), and peft knows those of rows only. Write kohya's format, or merge it into a model."
                        .formatted(folder, name));
              }
              String key = "base_model.model." + name;
              tensors.put(key + ".lora_A.weight", layer.down());
              tensors.put(key + ".lora_B.weight", layer.up());
              putMagnitude(tensors, key + ".lora_magnitude_vector", layer, manager);
            });
    JsonObject config = describe(weights);
    config.add("task_type", null);
    config.add("base_model_name_or_path", null);
    config.addProperty("inference_mode", true);
    config.addProperty("init_lora_weights", true);
    SafetensorsWriter.write(
        folder.resolve("adapter_model.safetensors"), tensors, Map.of("format", "pt"));
    try {
      AtomicFile.writeText(folder.resolve("adapter_config.json"), JSON.toJson(config) + "\n");
    } catch (IOException e) {
      throw new LoraException(folder + " could not be written: " + e.getMessage(), e);
    }
  }
}
