package io.github.kolors4j.internal.model;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The shape of a denoising network, as in its published {@code unet/config.json}.
 *
 * @param inChannels channels of the latents, 4 in Kolors
 * @param blockOutChannels channels of each level; every level but the last halves height and width
 * @param layersPerBlock residual blocks of a down level (an up level has one more)
 * @param attention whether each down level has transformers
 * @param transformerLayers blocks in each transformer of a level
 * @param heads attention heads of a level
 * @param crossAttentionDim length of a text token as the transformers see it, 2048 in Kolors
 * @param encoderHidDim length of a text token as the text encoder gives it, 4096 in Kolors
 * @param additionTimeEmbedDim length of the embedding of each size number
 * @param additionInputDim length of pooled text and all size embeddings together
 * @param normNumGroups groups of the normalisations
 * @param normEpsilon epsilon of the residual blocks' normalisations
 * @param sampleSize height and width of the latents that it was trained for: 128 for Kolors, which
 *     is diffusers' default, too
 */
public record UNetConfig(
    int inChannels,
    int[] blockOutChannels,
    int layersPerBlock,
    boolean[] attention,
    int[] transformerLayers,
    int[] heads,
    int crossAttentionDim,
    int encoderHidDim,
    int additionTimeEmbedDim,
    int additionInputDim,
    int normNumGroups,
    double normEpsilon,
    int sampleSize) {

  /** Channels of a small network's widest level at most. */
  private static final int SMALL = 256;

  /** Latents for pictures of 8192×8192. */
  private static final int LARGEST_SAMPLE = 1024;

  /** Options of diffusers' that no Kolors has and that would change what the network computes. */
  private static final List<String> UNUSED =
      List.of(
          "center_input_sample",
          "class_embed_type",
          "class_embeddings_concat",
          "cross_attention_norm",
          "dual_cross_attention",
          "mid_block_only_cross_attention",
          "num_class_embeds",
          "only_cross_attention",
          "resnet_skip_time_act",
          "reverse_transformer_layers_per_block",
          "time_cond_proj_dim",
          "time_embedding_act_fn",
          "time_embedding_dim",
          "timestep_post_act",
          "upcast_attention");

  /** Height and width of the original and of the target, and where it was cropped. */
  private static final int SIZE_NUMBERS = 6;

  /**
   * Reads {@code config.json} of a UNet folder.
   *
   * @throws io.github.kolors4j.WeightsException if it is missing, no JSON, or asks for a network
   *     that this class does not build
   */
  public static UNetConfig read(Path folder) {
    ConfigFile config = ConfigFile.read(folder.resolve("config.json"));
    config.require("act_fn", "silu");
    config.require("addition_embed_type", "text_time");
    config.require("encoder_hid_dim_type", "text_proj");
    config.require("mid_block_type", "UNetMidBlock2DCrossAttn");
    config.require("resnet_time_scale_shift", "default");
    config.require("use_linear_projection", true);
    config.require("flip_sin_to_cos", true);
    config.require("freq_shift", 0);
    config.require("mid_block_scale_factor", 1);
    config.require("resnet_out_scale_factor", 1);
    config.require("downsample_padding", 1);
    config.require("conv_in_kernel", 3);
    config.require("conv_out_kernel", 3);
    config.require("time_embedding_type", "positional");
    config.require("attention_type", "default");
    UNUSED.forEach(config::requireOff);
    int[] channels = config.sizes("block_out_channels");
    String[] down = config.strings("down_block_types");
    String[] up = config.strings("up_block_types");
    if (down.length != channels.length || up.length != channels.length) {
      throw config.wrong("down_block_types", "as long as block_out_channels");
    }
    boolean[] attention = new boolean[channels.length];
    for (int i = 0; i < channels.length; i++) {
      attention[i] = down[i].equals("CrossAttnDownBlock2D");
      String mirrored = up[channels.length - 1 - i];
      boolean known = attention[i] || down[i].equals("DownBlock2D");
      boolean alike = mirrored.equals(attention[i] ? "CrossAttnUpBlock2D" : "UpBlock2D");
      if (!known || !alike) {
        throw config.wrong(
            "up_block_types", "the mirror of down_block_types, with or without CrossAttn");
      }
    }
    // SDXL's configuration calls the number of heads "attention_head_dim".
    String heads = config.has("num_attention_heads") ? "num_attention_heads" : "attention_head_dim";
    UNetConfig unet =
        new UNetConfig(
            config.size("in_channels"),
            channels,
            config.count("layers_per_block"),
            attention,
            config.counts("transformer_layers_per_block", channels.length),
            config.counts(heads, channels.length),
            config.size("cross_attention_dim"),
            config.size("encoder_hid_dim"),
            config.size("addition_time_embed_dim"),
            config.size("projection_class_embeddings_input_dim"),
            config.size("norm_num_groups"),
            config.epsilon("norm_eps"),
            config.has("sample_size") ? config.integer("sample_size", 1, LARGEST_SAMPLE) : 128);
    unet.requireDivisors(config, heads);
    return unet;
  }

  private void requireDivisors(ConfigFile config, String headsKey) {
    for (int level = 0; level < levels(); level++) {
      int channels = blockOutChannels[level];
      if (channels % normNumGroups != 0 || channels % 2 != 0) {
        throw config.wrong(
            "block_out_channels", "even multiples of norm_num_groups, which is " + normNumGroups);
      }
      boolean attends = attention[level] || level == levels() - 1; // the middle has the last's
      if (attends && channels % heads[level] != 0) {
        throw config.wrong(headsKey, "a divisor of block_out_channels on each level");
      }
    }
    if (additionInputDim != encoderHidDim + SIZE_NUMBERS * additionTimeEmbedDim
        || additionTimeEmbedDim % 2 != 0) {
      throw config.wrong(
          "projection_class_embeddings_input_dim",
          "encoder_hid_dim + 6 · addition_time_embed_dim, the latter even");
    }
  }

  /** Transformer blocks in each attention of a down level, and of the up level that mirrors it. */
  public int transformers(int level) {
    return attention[level] ? transformerLayers[level] : 0;
  }

  /**
   * About how many numbers a picture with guidance holds at once: what the way down keeps for the
   * way up, and the widest transformer's states.
   */
  public long activations(long height, long width) {
    return 2 * 25L * blockOutChannels[0] * height * width;
  }

  /** Length of the time embedding. */
  int timeChannels() {
    return 4 * blockOutChannels[0];
  }

  /**
   * Whether a step takes a fraction of a second on two processors: no level is wider than 256
   * channels (the narrowest of SDXL's has 320).
   */
  public boolean small() {
    return Arrays.stream(blockOutChannels).max().orElse(0) <= SMALL;
  }

  public int levels() {
    return blockOutChannels.length;
  }
}
