package io.github.kolors4j.internal.model;

import java.nio.file.Path;

/**
 * The shape of CLIP's picture encoder, as in the {@code config.json} that transformers' {@code
 * CLIPVisionModelWithProjection} writes.
 *
 * @param hiddenSize length of a token, 1024 in ViT-L/14
 * @param intermediateSize length of a token between the two layers of the feed-forward part
 * @param hiddenLayers transformer layers
 * @param attentionHeads heads of each
 * @param imageSize width and height of the pictures, 224
 * @param patchSize width and height of the squares that become tokens, 14
 * @param projectionDim length of a picture's embedding, 768
 * @param quickGelu whether GELU is approximated by {@code x · sigmoid(1.702 x)}, as OpenAI's models
 *     do
 */
record ClipVisionConfig(
    int hiddenSize,
    int intermediateSize,
    int hiddenLayers,
    int attentionHeads,
    int imageSize,
    int patchSize,
    int projectionDim,
    boolean quickGelu) {

  private static final int LARGEST_IMAGE = 8192;

  /**
   * Reads {@code config.json}; what it leaves out has transformers' defaults.
   *
   * @throws io.github.kolors4j.WeightsException if it is missing, no JSON, or asks for a network
   *     that is not built here
   */
  static ClipVisionConfig read(Path folder) {
    ConfigFile file = ConfigFile.read(folder.resolve("config.json"));
    file.require("model_type", "clip_vision_model");
    file.require("num_channels", 3);
    if (file.number("layer_norm_eps", LayerNorm.EPSILON) != LayerNorm.EPSILON) {
      throw file.wrong("layer_norm_eps", String.valueOf(LayerNorm.EPSILON));
    }
    boolean exactGelu = file.has("hidden_act") && file.string("hidden_act").equals("gelu");
    if (!exactGelu) {
      file.require("hidden_act", "quick_gelu");
    }
    ClipVisionConfig config =
        new ClipVisionConfig(
            file.size("hidden_size", 768),
            file.size("intermediate_size", 3072),
            file.count("num_hidden_layers", 12),
            file.count("num_attention_heads", 12),
            file.size("image_size", 224),
            file.size("patch_size", 32),
            file.size("projection_dim", 512),
            !exactGelu);
    if (config.imageSize % config.patchSize != 0 || config.imageSize > LARGEST_IMAGE) {
      throw file.wrong("patch_size", "a divisor of image_size, which is at most " + LARGEST_IMAGE);
    }
    if (config.hiddenSize % config.attentionHeads != 0) {
      throw file.wrong("num_attention_heads", "a divisor of hidden_size");
    }
    return config;
  }

  /** Tokens of a picture, without the class token. */
  int patches() {
    int side = imageSize / patchSize;
    return side * side;
  }
}
