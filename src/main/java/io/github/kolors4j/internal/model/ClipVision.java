package io.github.kolors4j.internal.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import io.github.kolors4j.internal.tensor.Scope;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.Weights;

/**
 * CLIP's picture encoder: a vision transformer and a projection into the space that pictures and
 * texts share (Radford et al. 2021; Dosovitskiy et al. 2020; transformers {@code
 * CLIPVisionModelWithProjection}).
 *
 * <pre>
 * picture (batch, 3, size, size) → patches, class token → transformer → class token → embedding
 * </pre>
 */
final class ClipVision {
  private final ClipVisionConfig config;
  private final NDArray patchEmbedding;
  private final NDArray classToken;
  private final NDArray positions;
  private final LayerNorm normIn;
  private final Layer[] layers;
  private final LayerNorm normOut;
  private final Linear projection;

  /**
   * @param weights under their published names; their owner closes them
   */
  ClipVision(ClipVisionConfig config, Weights weights) {
    this.config = config;
    int size = config.hiddenSize();
    int patch = config.patchSize();
    Weights vision = weights.at("vision_model");
    Weights embeddings = vision.at("embeddings");
    // A convolution whose stride is its kernel is a linear layer on each patch.
    patchEmbedding =
        embeddings
            .get("patch_embedding.weight", size, 3, patch, patch)
            .reshape(size, 3L * patch * patch);
    classToken = embeddings.get("class_embedding", size).reshape(1, size);
    positions = embeddings.get("position_embedding.weight", config.patches() + 1, size);
    if (embeddings.has("position_ids")) { // 0, 1, 2, …, which older files hold
      embeddings.leave("position_ids", 1, config.patches() + 1);
    }
    normIn = new LayerNorm(vision.at("pre_layrnorm"), size); // spelt so
    layers = new Layer[config.hiddenLayers()];
    for (int i = 0; i < layers.length; i++) {
      layers[i] = new Layer(vision.at("encoder.layers." + i), config);
    }
    normOut = new LayerNorm(vision.at("post_layernorm"), size);
    projection = new Linear(weights.at("visual_projection"), size, config.projectionDim(), false);
  }

  /**
   * Encodes pictures.
   *
   * @param pictures (batch, 3, size, size), as {@link ClipPreprocessing} makes them
   * @return (batch, projectionDim), not normalised
   */
  NDArray encode(NDArray pictures) {
    try (Scope scope = new Scope(pictures)) {
      long batch = pictures.getShape().get(0);
      NDArray patches = TensorOperators.linear(patches(pictures), patchEmbedding, null);
      // Row 0 of a table of one row: so the token is as often there as there are pictures.
      NDArray first = scope.manager().zeros(new Shape(batch, 1), DataType.INT64);
      NDArray tokens =
          TensorOperators.embedding(first, classToken).concat(patches, 1).add(positions);
      tokens = normIn.forward(tokens);
      for (Layer layer : layers) {
        tokens = layer.forward(tokens);
      }
      return scope.result(projection.forward(normOut.forward(tokens.get(new NDIndex(":, 0")))));
    }
  }

  /** (batch, 3, size, size) to (batch, patches, 3 · patch · patch), row by row. */
  private NDArray patches(NDArray pictures) {
    long batch = pictures.getShape().get(0);
    long patch = config.patchSize();
    long side = config.imageSize() / patch;
    return pictures
        .reshape(batch, 3, side, patch, side, patch)
        .transpose(0, 2, 4, 1, 3, 5)
        .reshape(batch, side * side, 3 * patch * patch);
  }

  /** Self-attention and a feed-forward part, each normalised before and added to its input. */
  private static final class Layer {
    private final LayerNorm norm1;
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear out;
    private final LayerNorm norm2;
    private final Linear widen;
    private final Linear narrow;
    private final int heads;
    private final boolean quickGelu;

    Layer(Weights weights, ClipVisionConfig config) {
      int size = config.hiddenSize();
      norm1 = new LayerNorm(weights.at("layer_norm1"), size);
      Weights attention = weights.at("self_attn");
      query = new Linear(attention.at("q_proj"), size, size);
      key = new Linear(attention.at("k_proj"), size, size);
      value = new Linear(attention.at("v_proj"), size, size);
      out = new Linear(attention.at("out_proj"), size, size);
      norm2 = new LayerNorm(weights.at("layer_norm2"), size);
      widen = new Linear(weights.at("mlp.fc1"), size, config.intermediateSize());
      narrow = new Linear(weights.at("mlp.fc2"), config.intermediateSize(), size);
      heads = config.attentionHeads();
      quickGelu = config.quickGelu();
    }

    NDArray forward(NDArray x) {
      try (Scope scope = new Scope(x)) {
        NDArray normed = norm1.forward(x);
        NDArray attended =
            TensorOperators.attention(
                query.forward(normed), key.forward(normed), value.forward(normed), heads);
        NDArray h = out.forward(attended).add(x);
        NDArray wide = widen.forward(norm2.forward(h));
        NDArray active =
            quickGelu
                ? wide.mul(Activation.sigmoid(TensorOperators.scale(wide, 1.702)))
                : Activation.gelu(wide);
        return scope.result(narrow.forward(active).add(h));
      }
    }
  }
}
