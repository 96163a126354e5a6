package io.github.kolors4j.model;

import java.nio.file.Path;

/**
 * The shape of an autoencoder, as in its published {@code vae/config.json}.
 *
 * @param inChannels colours of a picture, 3
 * @param latentChannels channels of the latents, 4 in Kolors
 * @param blockOutChannels channels of each level; every level but the last halves height and width
 * @param layersPerBlock residual blocks of an encoder level (a decoder level has one more)
 * @param normNumGroups groups of the normalisations
 * @param scalingFactor latents are multiplied by it before diffusion, so that their spread is near
 *     1
 */
public record AutoencoderConfig(
    int inChannels,
    int latentChannels,
    int[] blockOutChannels,
    int layersPerBlock,
    int normNumGroups,
    double scalingFactor) {

  /**
   * Reads {@code config.json} of a VAE folder.
   *
   * @throws io.github.kolors4j.weights.WeightsException if it is missing, no JSON, or asks for a
   *     network that this class does not build
   */
  public static AutoencoderConfig read(Path folder) {
    ConfigFile config = ConfigFile.read(folder.resolve("config.json"));
    config.require("act_fn", "silu");
    config.requireEach("down_block_types", "DownEncoderBlock2D");
    config.requireEach("up_block_types", "UpDecoderBlock2D");
    return new AutoencoderConfig(
        config.integer("in_channels"),
        config.integer("latent_channels"),
        config.integers("block_out_channels"),
        config.integer("layers_per_block"),
        config.integer("norm_num_groups"),
        config.number("scaling_factor"));
  }

  /** How many times smaller the latents' height and width are: 8 in Kolors. */
  public int downscale() {
    return 1 << (blockOutChannels.length - 1);
  }
}
