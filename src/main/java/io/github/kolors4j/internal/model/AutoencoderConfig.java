package io.github.kolors4j.internal.model;

import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.List;

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

  /** SDXL's, which is Kolors' too: {@code stabilityai/sdxl-vae}, {@code vae/config.json}. */
  public static AutoencoderConfig sdxl() {
    return new AutoencoderConfig(3, 4, new int[] {128, 256, 512, 512}, 2, 32, 0.13025);
  }

  /**
   * Reads {@code config.json} of a VAE folder.
   *
   * @throws io.github.kolors4j.WeightsException if it is missing, no JSON, or asks for a network
   *     that this class does not build
   */
  public static AutoencoderConfig read(Path folder) {
    ConfigFile config = ConfigFile.read(folder.resolve("config.json"));
    config.require("act_fn", "silu");
    config.requireEach("down_block_types", "DownEncoderBlock2D");
    config.requireEach("up_block_types", "UpDecoderBlock2D");
    for (String unused : List.of("shift_factor", "latents_mean", "latents_std")) {
      config.requireOff(unused);
    }
    for (String used :
        List.of("mid_block_add_attention", "use_quant_conv", "use_post_quant_conv")) {
      config.require(used, true);
    }
    config.require("out_channels", 3);
    AutoencoderConfig vae =
        new AutoencoderConfig(
            config.size("in_channels"),
            config.size("latent_channels"),
            config.sizes("block_out_channels"),
            config.count("layers_per_block"),
            config.size("norm_num_groups"),
            config.number("scaling_factor"));
    for (int channels : vae.blockOutChannels) {
      if (channels % vae.normNumGroups != 0) {
        throw config.wrong(
            "block_out_channels", "multiples of norm_num_groups, which is " + vae.normNumGroups);
      }
    }
    if (vae.scalingFactor <= 0) {
      throw config.wrong("scaling_factor", "above 0, such as 0.13025");
    }
    if (vae.inChannels != 3) {
      throw config.wrong("in_channels", "3, for red, green and blue");
    }
    return vae;
  }

  /** The latents of a picture, as (1, channels, height, width); its sides are in pixels. */
  public Shape latentShape(int width, int height) {
    return new Shape(1, latentChannels, height / downscale(), width / downscale());
  }

  /**
   * About how many numbers a picture holds at once while it is decoded: the last level's first
   * block's input, normalised input, output and shortcut.
   */
  public long activations(long pixels) {
    return 3L * blockOutChannels[Math.min(1, blockOutChannels.length - 1)] * pixels;
  }

  /** How many times smaller the latents' height and width are: 8 in Kolors. */
  public int downscale() {
    return 1 << (blockOutChannels.length - 1);
  }
}
