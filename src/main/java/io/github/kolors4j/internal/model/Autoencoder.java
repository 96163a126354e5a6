package io.github.kolors4j.internal.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.tensor.Scope;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.FileWeights;
import io.github.kolors4j.internal.weights.LdmVaeNames;
import io.github.kolors4j.internal.weights.LoadOptions;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.WeightFolder;
import io.github.kolors4j.internal.weights.WeightSource;
import io.github.kolors4j.internal.weights.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The variational autoencoder that turns pictures into latents and back (Kingma and Welling 2013;
 * Rombach et al. 2021; diffusers {@code AutoencoderKL}).
 *
 * <pre>
 * picture (batch, 3, h, w) in [-1, 1]  → encode →  mean and log variance (batch, 2·c, h/d, w/d)
 * latents (batch, c, h/d, w/d)         → decode →  picture (batch, 3, h, w), about [-1, 1]
 * </pre>
 *
 * <p>d is {@link AutoencoderConfig#downscale}: 8 in Kolors, 16 in kolors-mini.
 *
 * <p>Latents here are the autoencoder's own; what is diffused is these times {@link
 * AutoencoderConfig#scalingFactor}.
 */
public final class Autoencoder implements AutoCloseable {
  /** The normalisations' epsilon in AutoencoderKL. */
  private static final double EPSILON = 1e-6;

  private final AutoencoderConfig config;
  private final Weights weights;
  private final Encoder encoder;
  private final Conv2d quantize;
  private final Conv2d dequantize;
  private final Decoder decoder;

  /**
   * @param weights under their published names; closed with this network
   * @throws io.github.kolors4j.WeightsException if weights are missing or left over
   */
  public Autoencoder(AutoencoderConfig config, Weights weights) {
    this.config = config;
    this.weights = weights;
    encoder = new Encoder(weights.at("encoder"), config);
    decoder = new Decoder(weights.at("decoder"), config);
    int latent = config.latentChannels();
    quantize = new Conv2d(weights.at("quant_conv"), 2 * latent, 2 * latent, 1);
    dequantize = new Conv2d(weights.at("post_quant_conv"), latent, latent, 1);
    weights.requireAllUsed("VAE");
  }

  /**
   * Loads the VAE of a published folder ({@code config.json} and its weights).
   *
   * @param manager the parent of the weights' owner
   */
  public static Autoencoder load(Path folder, NDManager manager) {
    return load(AutoencoderConfig.read(folder), folder, manager);
  }

  /**
   * Loads a VAE whose configuration is known.
   *
   * @param path a folder with the weights, or a single file, under the published names or the
   *     original ones
   * @param manager the parent of the weights' owner
   */
  public static Autoencoder load(AutoencoderConfig config, Path path, NDManager manager) {
    return load(config, path, manager, LoadOptions.FLOAT32);
  }

  /**
   * Loads a VAE whose configuration is known.
   *
   * @param path a folder with the weights, or a single file, under the published names or the
   *     original ones
   * @param manager the parent of the weights' owner
   * @param loading how the weights are held; the network computes in the type of its input
   */
  public static Autoencoder load(
      AutoencoderConfig config, Path path, NDManager manager, LoadOptions loading) {
    try (TensorFile file = LdmVaeNames.toDiffusers(WeightFolder.openPath(path))) {
      WeightSource source = new FileWeights(file, path.toString(), loading);
      return new Autoencoder(config, new Weights(source, manager.newSubManager()));
    }
  }

  /**
   * Encodes pictures.
   *
   * @param pictures (batch, 3, height, width) in [-1, 1], height and width multiples of {@link
   *     AutoencoderConfig#downscale}
   * @return the moments of each latent's normal distribution (batch, 2·c, height / downscale, width
   *     / downscale): means, then log variances, not clamped
   */
  public NDArray encode(NDArray pictures) {
    try (Scope scope = new Scope(pictures)) {
      return scope.result(TensorOperators.contiguous(quantize.forward(encoder.forward(pictures))));
    }
  }

  /**
   * The means among the moments that {@link #encode} gives: (batch, c, height / downscale, width /
   * downscale).
   */
  public NDArray mean(NDArray moments) {
    return moments.get(new NDIndex(":, :" + config.latentChannels()));
  }

  /**
   * The standard deviations among the moments, from log variances clamped to [-30, 20] as the
   * original does.
   */
  public NDArray standardDeviation(NDArray moments) {
    try (Scope scope = new Scope(moments)) {
      NDArray logVariance = logVariance(moments);
      return scope.result(TensorOperators.scale(logVariance, 0.5).exp());
    }
  }

  /** The log variances among the moments, clamped to [-30, 20]. */
  public NDArray logVariance(NDArray moments) {
    return TensorOperators.clamp(
        moments.get(new NDIndex(":, " + config.latentChannels() + ":")), -30, 20);
  }

  /**
   * Decodes latents (batch, c, h, w) to pictures (batch, 3, 8·h, 8·w), about [-1, 1], not clamped.
   */
  public NDArray decode(NDArray latents) {
    try (Scope scope = new Scope(latents)) {
      return scope.result(TensorOperators.contiguous(decoder.forward(dequantize.forward(latents))));
    }
  }

  /**
   * Decodes latents in overlapping tiles, so that memory does not grow with the picture (diffusers
   * {@code AutoencoderKL.tiled_decode}). Each tile is normalised by itself, so areas may differ a
   * little from {@link #decode}'s; neighbours are blended over a quarter of a tile.
   *
   * @param latents as for {@link #decode}
   * @param tile height and width of a tile of latents, at least 4; 64 is 512 pixels in Kolors
   */
  public NDArray decodeInTiles(NDArray latents, int tile) {
    return new TiledDecoding(tile, config.downscale()).decode(latents, this::decode);
  }

  public AutoencoderConfig config() {
    return config;
  }

  public Weights weights() {
    return weights;
  }

  @Override
  public void close() {
    weights.close();
  }

  /** Picture to features: levels of residual blocks, each but the last halving the size. */
  private static final class Encoder {
    private final Conv2d in;
    private final List<ResnetBlock[]> levels = new ArrayList<>();
    private final List<Conv2d> downsamplers = new ArrayList<>();
    private final Middle middle;
    private final GroupNorm normOut;
    private final Conv2d out;

    Encoder(Weights weights, AutoencoderConfig config) {
      int[] channels = config.blockOutChannels();
      int groups = config.normNumGroups();
      in = new Conv2d(weights.at("conv_in"), config.inChannels(), channels[0], 3);
      int current = channels[0];
      for (int level = 0; level < channels.length; level++) {
        Weights block = weights.at("down_blocks." + level);
        ResnetBlock[] resnets = new ResnetBlock[config.layersPerBlock()];
        for (int i = 0; i < resnets.length; i++) {
          resnets[i] =
              new ResnetBlock(
                  block.at("resnets." + i), current, channels[level], 0, groups, EPSILON);
          current = channels[level];
        }
        levels.add(resnets);
        if (level < channels.length - 1) {
          downsamplers.add(new Conv2d(block.at("downsamplers.0.conv"), current, current, 3, 2, 0));
        }
      }
      middle = new Middle(weights.at("mid_block"), current, groups);
      normOut = new GroupNorm(weights.at("conv_norm_out"), current, groups, EPSILON);
      out = new Conv2d(weights.at("conv_out"), current, 2 * config.latentChannels(), 3);
    }

    NDArray forward(NDArray pictures) {
      NDArray h = in.forward(pictures);
      for (int level = 0; level < levels.size(); level++) {
        for (ResnetBlock resnet : levels.get(level)) {
          Work.check();
          h = replace(h, resnet.forward(h));
        }
        if (level < downsamplers.size()) {
          NDArray padded = replace(h, TensorOperators.padRightBottom(h));
          h = replace(padded, downsamplers.get(level).forward(padded));
        }
      }
      h = middle.forward(h);
      return out.forward(normOut.forwardSilu(h));
    }
  }

  /** Features to picture: the encoder's mirror, each level but the last doubling the size. */
  private static final class Decoder {
    private final Conv2d in;
    private final Middle middle;
    private final List<ResnetBlock[]> levels = new ArrayList<>();
    private final List<Conv2d> upsamplers = new ArrayList<>();
    private final GroupNorm normOut;
    private final Conv2d out;

    Decoder(Weights weights, AutoencoderConfig config) {
      int[] channels = config.blockOutChannels();
      int groups = config.normNumGroups();
      int current = channels[channels.length - 1];
      in = new Conv2d(weights.at("conv_in"), config.latentChannels(), current, 3);
      middle = new Middle(weights.at("mid_block"), current, groups);
      for (int level = 0; level < channels.length; level++) {
        Weights block = weights.at("up_blocks." + level);
        int outChannels = channels[channels.length - 1 - level];
        ResnetBlock[] resnets = new ResnetBlock[config.layersPerBlock() + 1];
        for (int i = 0; i < resnets.length; i++) {
          resnets[i] =
              new ResnetBlock(block.at("resnets." + i), current, outChannels, 0, groups, EPSILON);
          current = outChannels;
        }
        levels.add(resnets);
        if (level < channels.length - 1) {
          upsamplers.add(new Conv2d(block.at("upsamplers.0.conv"), current, current, 3));
        }
      }
      normOut = new GroupNorm(weights.at("conv_norm_out"), current, groups, EPSILON);
      out = new Conv2d(weights.at("conv_out"), current, config.inChannels(), 3);
    }

    NDArray forward(NDArray latents) {
      NDArray h = middle.forward(in.forward(latents));
      for (int level = 0; level < levels.size(); level++) {
        for (ResnetBlock resnet : levels.get(level)) {
          Work.check();
          h = replace(h, resnet.forward(h));
        }
        if (level < upsamplers.size()) {
          long height = h.getShape().get(2);
          long width = h.getShape().get(3);
          NDArray large = replace(h, TensorOperators.upsample(h, 2 * height, 2 * width));
          h = replace(large, upsamplers.get(level).forward(large));
        }
      }
      return out.forward(normOut.forwardSilu(h));
    }
  }

  /** Residual block, self-attention over all positions with one head, residual block. */
  private static final class Middle {
    private final ResnetBlock first;
    private final GroupNorm norm;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear out;
    private final ResnetBlock second;

    Middle(Weights weights, int channels, int groups) {
      first = new ResnetBlock(weights.at("resnets.0"), channels, channels, 0, groups, EPSILON);
      Weights attention = weights.at("attentions.0");
      norm = new GroupNorm(attention.at("group_norm"), channels, groups, EPSILON);
      query = new Linear(attention.at("to_q"), channels, channels);
      key = new Linear(attention.at("to_k"), channels, channels);
      value = new Linear(attention.at("to_v"), channels, channels);
      out = new Linear(attention.at("to_out.0"), channels, channels);
      second = new ResnetBlock(weights.at("resnets.1"), channels, channels, 0, groups, EPSILON);
    }

    NDArray forward(NDArray x) {
      return second.forward(attend(first.forward(x)));
    }

    private NDArray attend(NDArray x) {
      try (Scope scope = new Scope(x)) {
        NDArray sequence = norm.forward(x).flatten(2, 3).transpose(0, 2, 1);
        NDArray attended =
            TensorOperators.attention(
                query.forward(sequence), key.forward(sequence), value.forward(sequence), 1);
        NDArray picture = out.forward(attended).transpose(0, 2, 1).reshape(x.getShape());
        return scope.result(x.add(picture));
      }
    }
  }

  /** Frees an activation that has been used and goes on with the next: they are large. */
  private static NDArray replace(NDArray used, NDArray next) {
    used.close();
    return next;
  }
}
