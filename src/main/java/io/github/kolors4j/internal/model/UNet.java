package io.github.kolors4j.internal.model;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.tensor.Checkpointing;
import io.github.kolors4j.internal.tensor.RecordedFunction;
import io.github.kolors4j.internal.tensor.Scope;
import io.github.kolors4j.internal.tensor.SteadyPart;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.FileWeights;
import io.github.kolors4j.internal.weights.LdmUNetNames;
import io.github.kolors4j.internal.weights.LoadOptions;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.WeightFolder;
import io.github.kolors4j.internal.weights.WeightSource;
import io.github.kolors4j.internal.weights.Weights;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The network that predicts the noise in latents: SDXL's U-shaped network as Kolors uses it (Podell
 * et al. 2023; diffusers {@code UNet2DConditionModel}).
 *
 * <p>Levels of residual blocks and transformers lead down to few positions with many channels and
 * up again; each block on the way up also sees the output of its mirror on the way down.
 */
public final class UNet implements AutoCloseable {
  private final UNetConfig config;
  private final Weights weights;
  private final Conv2d in;
  private final Linear time1;
  private final Linear time2;
  private final Linear addition1;
  private final Linear addition2;
  private final Linear textProjection;
  private final List<Layer> down = new ArrayList<>();
  private final ResnetBlock middle1;
  private final SpatialTransformer middleTransformer;
  private final ResnetBlock middle2;
  private final List<Layer> up = new ArrayList<>();
  private final GroupNorm normOut;
  private final Conv2d out;
  private final RecordedFunction recorded;

  /** What the way down and the way up are made of. */
  private sealed interface Layer {}

  /** A change of size. */
  private record Resample(Conv2d conv) implements Layer {}

  /** One residual block, and its transformer where the level has attention. */
  private record Block(ResnetBlock resnet, @Nullable SpatialTransformer transformer)
      implements Layer {
    NDArray forward(NDArray h, NDArray time, NDArray text, @Nullable NDArray textBias) {
      NDArray features = resnet.forward(h, time);
      if (transformer == null) {
        return features;
      }
      NDArray attended = transformer.forward(features, text, textBias);
      features.close();
      return attended;
    }
  }

  /**
   * @param weights under their published names; closed with this network
   * @throws io.github.kolors4j.WeightsException if weights are missing or left over
   */
  public UNet(UNetConfig config, Weights weights) {
    this.config = config;
    this.weights = weights;
    int[] channels = config.blockOutChannels();
    int first = channels[0];
    int timeChannels = config.timeChannels();
    int groups = config.normNumGroups();
    in = new Conv2d(weights.at("conv_in"), config.inChannels(), first, 3);
    time1 = new Linear(weights.at("time_embedding.linear_1"), first, timeChannels);
    time2 = new Linear(weights.at("time_embedding.linear_2"), timeChannels, timeChannels);
    addition1 =
        new Linear(weights.at("add_embedding.linear_1"), config.additionInputDim(), timeChannels);
    addition2 = new Linear(weights.at("add_embedding.linear_2"), timeChannels, timeChannels);
    textProjection =
        new Linear(
            weights.at("encoder_hid_proj"), config.encoderHidDim(), config.crossAttentionDim());

    Deque<Integer> skipChannels = new ArrayDeque<>(List.of(first));
    int current = first;
    for (int level = 0; level < config.levels(); level++) {
      Weights block = weights.at("down_blocks." + level);
      for (int i = 0; i < config.layersPerBlock(); i++) {
        down.add(block(block, i, level, current, channels[level]));
        current = channels[level];
        skipChannels.push(current);
      }
      if (level < config.levels() - 1) {
        Conv2d half = new Conv2d(block.at("downsamplers.0.conv"), current, current, 3, 2, 1);
        down.add(new Resample(half));
        skipChannels.push(current);
      }
    }

    Weights middle = weights.at("mid_block");
    double epsilon = config.normEpsilon();
    middle1 =
        new ResnetBlock(middle.at("resnets.0"), current, current, timeChannels, groups, epsilon);
    middleTransformer = transformer(middle.at("attentions.0"), config.levels() - 1);
    middle2 =
        new ResnetBlock(middle.at("resnets.1"), current, current, timeChannels, groups, epsilon);

    for (int level = config.levels() - 1; level >= 0; level--) {
      Weights block = weights.at("up_blocks." + (config.levels() - 1 - level));
      for (int i = 0; i <= config.layersPerBlock(); i++) {
        up.add(block(block, i, level, current + skipChannels.pop(), channels[level]));
        current = channels[level];
      }
      if (level > 0) {
        Conv2d twice = new Conv2d(block.at("upsamplers.0.conv"), current, current, 3);
        up.add(new Resample(twice));
      }
    }
    normOut = new GroupNorm(weights.at("conv_norm_out"), first, groups, epsilon);
    out = new Conv2d(weights.at("conv_out"), first, config.inChannels(), 3);
    weights.requireAllUsed("UNet");
    recorded =
        new RecordedFunction(
            weights.manager(), 2, this::forward, this::arrays, weights::layerRevision);
  }

  private Block block(Weights block, int index, int level, int inChannels, int outChannels) {
    ResnetBlock resnet =
        new ResnetBlock(
            block.at("resnets." + index),
            inChannels,
            outChannels,
            config.timeChannels(),
            config.normNumGroups(),
            config.normEpsilon());
    return new Block(
        resnet,
        config.attention()[level] ? transformer(block.at("attentions." + index), level) : null);
  }

  private SpatialTransformer transformer(Weights weights, int level) {
    return new SpatialTransformer(
        weights,
        config.blockOutChannels()[level],
        config.crossAttentionDim(),
        config.transformerLayers()[level],
        config.heads()[level],
        config.normNumGroups());
  }

  /**
   * Loads the UNet of a published folder ({@code config.json} and its weights).
   *
   * @param manager the parent of the weights' owner
   */
  public static UNet load(Path folder, NDManager manager) {
    return load(folder, manager, LoadOptions.FLOAT32);
  }

  /**
   * Loads the UNet of a published folder.
   *
   * @param manager the parent of the weights' owner
   * @param loading how the weights are held; the network computes in the type of its input
   */
  public static UNet load(Path folder, NDManager manager, LoadOptions loading) {
    return load(UNetConfig.read(folder), folder, manager, loading);
  }

  /** Loads a UNet whose configuration is known, in float32. */
  public static UNet load(UNetConfig config, Path path, NDManager manager) {
    return load(config, path, manager, LoadOptions.FLOAT32);
  }

  /**
   * Loads a UNet whose configuration is known.
   *
   * @param path a folder with the weights, or a single file, under the published names or the
   *     original ones
   * @param manager the parent of the weights' owner
   * @param loading how the weights are held; the network computes in the type of its input
   */
  public static UNet load(UNetConfig config, Path path, NDManager manager, LoadOptions loading) {
    try (TensorFile file = LdmUNetNames.toDiffusers(WeightFolder.openPath(path))) {
      WeightSource source = new FileWeights(file, path.toString(), loading);
      return new UNet(config, new Weights(source, manager.newSubManager()));
    }
  }

  /**
   * What steers the prediction.
   *
   * @param text hidden states of the text encoder (batch, tokens, encoderHidDim)
   * @param pooledText one vector a prompt (batch, encoderHidDim)
   * @param sizes (batch, 6): original height and width, top and left of the crop, target height and
   *     width, in pixels (SDXL's micro-conditioning)
   * @param textBias (batch, tokens), or null: the logarithm of how many equal tokens each stands
   *     for. A prompt's padding is one and the same vector many times over; given once, with its
   *     count, it leads to the same prediction in less time
   * @param steady where what follows from this conditioning alone is kept from step to step, or
   *     null
   */
  public record Conditioning(
      NDArray text,
      NDArray pooledText,
      NDArray sizes,
      @Nullable NDArray textBias,
      @Nullable SteadyPart steady) {
    /** Every token counts as often as the bias says. */
    public Conditioning(
        NDArray text, NDArray pooledText, NDArray sizes, @Nullable NDArray textBias) {
      this(text, pooledText, sizes, textBias, null);
    }

    /** Every token counts once. */
    public Conditioning(NDArray text, NDArray pooledText, NDArray sizes) {
      this(text, pooledText, sizes, null);
    }

    /**
     * The same, for many steps without gradients in which neither its arrays nor the network
     * change: keys and values of the text, and embeddings of the sizes, are computed once. They
     * belong to the text's manager.
     */
    public Conditioning steadily() {
      return new Conditioning(text, pooledText, sizes, textBias, new SteadyPart(text.getManager()));
    }

    /** One row of the batch, which belongs to the text's manager. */
    public Conditioning row(int index) {
      return new Conditioning(
          row(text, index),
          row(pooledText, index),
          row(sizes, index),
          textBias == null ? null : row(textBias, index));
    }

    private NDArray row(NDArray rows, int index) {
      NDArray row = rows.get(index + ":" + (index + 1));
      row.attach(text.getManager());
      return row;
    }

    /**
     * The same conditioning with the padding in front given once. What it makes belongs to the
     * text's manager.
     *
     * @param padding how many tokens at the start of every row are one and the same vector
     */
    public Conditioning withoutPadding(int padding) {
      return withoutPadding(padding, Checkpointing.OFF);
    }

    /**
     * The same for a text that a backward pass comes through.
     *
     * @param checkpointing as in {@link UNet#forward(NDArray, NDArray, Conditioning,
     *     Checkpointing)}
     */
    public Conditioning withoutPadding(int padding, Checkpointing checkpointing) {
      if (padding < 2) {
        return this;
      }
      NDArray kept = checkpointing.run(x -> x[0].get(new NDIndex(":, {}:", padding - 1)), text);
      NDArray counts =
          text.getManager().zeros(new Shape(kept.getShape().get(0), kept.getShape().get(1)));
      counts.set(new NDIndex(":, 0"), Math.log(padding));
      return new Conditioning(kept, pooledText, sizes, counts);
    }
  }

  /** Whether somebody sees what its attention compares. */
  public boolean watched() {
    return weights.layers(Attention.class).values().stream().anyMatch(Attention::observed);
  }

  /**
   * Predicts the noise in latents.
   *
   * @param latents (batch, inChannels, height, width), scaled as the sampler says
   * @param timesteps (batch), 0 (no noise) to 1099 (nothing but noise) in Kolors
   * @return (batch, inChannels, height, width)
   */
  public NDArray forward(NDArray latents, NDArray timesteps, Conditioning conditioning) {
    return recorded.apply(
        conditioning.steady(),
        latents,
        timesteps,
        conditioning.text(),
        conditioning.pooledText(),
        conditioning.sizes(),
        conditioning.textBias());
  }

  private NDArray forward(@Nullable NDArray... inputs) {
    Conditioning conditioning =
        new Conditioning(
            requireNonNull(inputs[2]),
            requireNonNull(inputs[3]),
            requireNonNull(inputs[4]),
            inputs[5]);
    return forward(
        requireNonNull(inputs[0]), requireNonNull(inputs[1]), conditioning, Checkpointing.OFF);
  }

  /** What the layers compute with: weights, and those of their adapters. */
  private Collection<NDArray> arrays() {
    List<NDArray> arrays = new ArrayList<>(weights.tensors().values());
    for (AdaptableLayer layer : weights.layers(AdaptableLayer.class).values()) {
      for (LowRankUpdate update : layer.updates()) {
        arrays.addAll(update.arrays());
      }
    }
    return arrays;
  }

  /**
   * Predicts the noise in latents, segment by segment.
   *
   * @param checkpointing of the gradients, or off
   */
  public NDArray forward(
      NDArray latents, NDArray timesteps, Conditioning conditioning, Checkpointing checkpointing) {
    NDArray textBias = conditioning.textBias();
    NDArray time =
        checkpointing.run(
            x -> timeEmbedding(timesteps, x[1], conditioning.sizes(), x[0]),
            latents,
            conditioning.pooledText());
    NDArray text = checkpointing.run(x -> project(x[0], latents), conditioning.text());
    Deque<NDArray> skips = new ArrayDeque<>();
    NDArray h = checkpointing.run(x -> in.forward(x[0]), latents);
    skips.push(h);
    for (Layer layer : down) {
      h =
          layer instanceof Block block
              ? checkpointing.run(x -> block.forward(x[0], x[1], x[2], textBias), h, time, text)
              : checkpointing.run(x -> ((Resample) layer).conv().forward(x[0]), h);
      skips.push(h);
    }
    h = checkpointing.run(x -> middle(x[0], x[1], x[2], textBias), h, time, text);
    for (Layer layer : up) {
      if (layer instanceof Resample twice) {
        NDArray larger = skips.element();
        h = checkpointing.run(x -> enlarge(twice.conv(), x[0], larger), h);
      } else if (layer instanceof Block block) {
        h =
            checkpointing.run(
                x ->
                    block.forward(TensorOperators.concatChannels(x[0], x[1]), x[2], x[3], textBias),
                h,
                skips.pop(),
                time,
                text);
      }
    }
    return checkpointing.run(x -> toNoise(x[0]), h);
  }

  private NDArray timeEmbedding(
      NDArray timesteps, NDArray pooledText, NDArray sizes, NDArray latents) {
    try (Scope scope = new Scope(latents, timesteps, pooledText, sizes)) {
      NDArray step = TensorOperators.sinusoid(timesteps, config.blockOutChannels()[0]);
      NDArray embedding = time2.forward(TensorOperators.silu(time1.forward(step)));
      NDArray sizeEmbedding =
          TensorOperators.flatten(TensorOperators.sinusoid(sizes, config.additionTimeEmbedDim()));
      NDArray addition = TensorOperators.concatChannels(pooledText, sizeEmbedding);
      NDArray added = addition2.forward(TensorOperators.silu(addition1.forward(addition)));
      return scope.result(
          TensorOperators.sameType(
              TensorOperators.silu(TensorOperators.add(embedding, added)), latents));
    }
  }

  private NDArray project(NDArray text, NDArray latents) {
    try (Scope scope = new Scope(latents, text)) {
      return scope.result(textProjection.forward(TensorOperators.sameType(text, latents)));
    }
  }

  private NDArray middle(NDArray h, NDArray time, NDArray text, @Nullable NDArray textBias) {
    try (Scope scope = new Scope(h, time, text)) {
      NDArray features = middleTransformer.forward(middle1.forward(h, time), text, textBias);
      return scope.result(middle2.forward(features, time));
    }
  }

  private NDArray toNoise(NDArray h) {
    try (Scope scope = new Scope(h)) {
      return scope.result(TensorOperators.contiguous(out.forward(normOut.forwardSilu(h))));
    }
  }

  private static NDArray enlarge(Conv2d convolution, NDArray h, NDArray larger) {
    try (Scope scope = new Scope(h)) {
      return scope.result(convolution.forward(TensorOperators.upsampleLike(h, larger)));
    }
  }

  /** The linear layers and convolutions by their published names, for adapters. */
  public Map<String, AdaptableLayer> adaptableLayers() {
    return weights.layers(AdaptableLayer.class);
  }

  public UNetConfig config() {
    return config;
  }

  public Weights weights() {
    return weights;
  }

  @Override
  public void close() {
    recorded.close();
    weights.close();
  }
}
