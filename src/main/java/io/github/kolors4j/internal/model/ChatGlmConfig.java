package io.github.kolors4j.internal.model;

import java.nio.file.Path;

/**
 * The shape of a ChatGLM text encoder, as in its published {@code text_encoder/config.json}.
 *
 * @param vocabularySize rows of the embedding table
 * @param hiddenSize length of a token's vector, 4096 in Kolors
 * @param layers transformer layers
 * @param heads query heads
 * @param keyGroups key and value heads, each shared by {@code heads / keyGroups} query heads
 * @param headSize length of a head
 * @param feedForwardSize inner length of the gated feed-forward layer
 * @param epsilon of the normalisations
 * @param queryKeyValueBias whether the attention's input projection has a bias
 */
public record ChatGlmConfig(
    int vocabularySize,
    int hiddenSize,
    int layers,
    int heads,
    int keyGroups,
    int headSize,
    int feedForwardSize,
    double epsilon,
    boolean queryKeyValueBias) {

  /** More than the queries of all heads have together in any published model. */
  private static final int LARGEST_QUERY = 1 << 20;

  /**
   * Reads {@code config.json} of a text encoder folder.
   *
   * @throws io.github.kolors4j.WeightsException if it is missing, no JSON, or asks for a network
   *     that this class does not build
   */
  public static ChatGlmConfig read(Path folder) {
    ConfigFile config = ConfigFile.read(folder.resolve("config.json"));
    config.require("model_type", "chatglm");
    config.require("rmsnorm", true);
    config.require("multi_query_attention", true);
    config.require("add_bias_linear", false);
    config.require("post_layer_norm", true);
    config.require("original_rope", true);
    config.require("apply_residual_connection_post_layernorm", false);
    if (config.number("rope_ratio", 1) != 1) { // as in chatglm3-6b-32k
      throw config.wrong("rope_ratio", "1, as in chatglm3-6b-base");
    }
    ChatGlmConfig encoder =
        new ChatGlmConfig(
            config.size("padded_vocab_size"),
            config.size("hidden_size"),
            config.count("num_layers"),
            config.count("num_attention_heads"),
            config.count("multi_query_group_num"),
            config.size("kv_channels"),
            config.size("ffn_hidden_size"),
            config.epsilon("layernorm_epsilon"),
            config.flag("add_qkv_bias", false));
    if (encoder.heads % encoder.keyGroups != 0) {
      throw config.wrong("multi_query_group_num", "a divisor of num_attention_heads");
    }
    if (encoder.headSize % 4 != 0 || (long) encoder.heads * encoder.headSize > LARGEST_QUERY) {
      throw config.wrong(
          "kv_channels", "a multiple of 4, as half of a head is turned in pairs of numbers");
    }
    return encoder;
  }
}
