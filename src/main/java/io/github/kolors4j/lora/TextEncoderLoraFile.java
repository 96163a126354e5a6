package io.github.kolors4j.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import io.github.kolors4j.weights.SafetensorsWriter;
import io.github.kolors4j.weights.TensorFile;
import io.github.kolors4j.weights.WeightFolder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Reads and writes the adapter of a text encoder, as diffusers saves one ({@code
 * save_lora_weights(text_encoder_lora_layers=…)}): safetensors with {@code
 * text_encoder.encoder.layers.0.self_attention.query_key_value.lora_A.weight}, {@code
 * …lora_B.weight} and with DoRA {@code …lora_magnitude_vector}, and peft's configuration in the
 * header.
 */
public final class TextEncoderLoraFile {
  private static final String PREFIX = "text_encoder.";
  private static final String DOWN = ".lora_A.weight";
  private static final String UP = ".lora_B.weight";
  private static final String MAGNITUDE = ".lora_magnitude_vector";

  private TextEncoderLoraFile() {}

  /**
   * Writes an adapter beside its target and moves it into place.
   *
   * @throws LoraException if its alpha is not known or not the same for all layers
   */
  public static void write(Path path, LoraWeights weights) {
    double alpha =
        weights
            .alpha()
            .orElseThrow(
                () ->
                    new LoraException(
                        "A text encoder's LoRA is written with one alpha for all layers: give it with withAlpha(…)."));
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    weights
        .layers()
        .forEach(
            (name, layer) -> {
              tensors.put(PREFIX + name + DOWN, layer.down());
              tensors.put(PREFIX + name + UP, layer.up());
              if (layer.magnitude() != null) {
                tensors.put(PREFIX + name + MAGNITUDE, layer.magnitude());
              }
            });
    JsonObject config = new JsonObject();
    config.addProperty(PREFIX + "r", weights.rank());
    config.addProperty(PREFIX + "lora_alpha", alpha);
    config.addProperty(
        PREFIX + "use_dora",
        weights.layers().values().stream().anyMatch(layer -> layer.magnitude() != null));
    SafetensorsWriter.write(
        path,
        tensors,
        Map.of("format", "pt", LoraFile.ADAPTER_METADATA, new Gson().toJson(config)));
  }

  /**
   * Reads an adapter. Keys of other networks, such as {@code unet.}, are left alone.
   *
   * @param manager the owner of the matrices
   * @throws LoraException if the file has no text encoder's adapter, or an incomplete one
   */
  public static LoraWeights read(Path path, NDManager manager) {
    try (TensorFile file = WeightFolder.openFile(path)) {
      OptionalDouble alpha = LoraFile.statedAlpha(path, file.metadata(), PREFIX);
      Map<String, LoraLayer> layers = new LinkedHashMap<>();
      for (String key : file.names()) {
        if (key.startsWith(PREFIX) && key.endsWith(DOWN)) {
          String name = key.substring(PREFIX.length(), key.length() - DOWN.length());
          layers.put(name, layer(path, name, alpha, file, manager));
        }
      }
      if (layers.isEmpty()) {
        throw new LoraException(
            path
                + " holds no text encoder's LoRA: no key begins with text_encoder. and ends with lora_A.weight.");
      }
      return new LoraWeights(layers);
    }
  }

  private static LoraLayer layer(
      Path path, String name, OptionalDouble alpha, TensorFile file, NDManager manager) {
    String up = PREFIX + name + UP;
    if (!file.names().contains(up)) {
      throw new LoraException(
          "%s lacks the up matrix of layer '%s': the file is incomplete, save or download it again."
              .formatted(path, name));
    }
    String magnitude = PREFIX + name + MAGNITUDE;
    try {
      LoraLayer layer =
          new LoraLayer(
              file.read(PREFIX + name + DOWN, manager),
              file.read(up, manager),
              alpha,
              file.names().contains(magnitude) ? file.read(magnitude, manager) : null);
      return alpha.isPresent() ? layer : layer.withAlpha(layer.rank());
    } catch (IllegalArgumentException e) {
      throw new LoraException("%s: layer '%s': %s".formatted(path, name, e.getMessage()), e);
    }
  }
}
