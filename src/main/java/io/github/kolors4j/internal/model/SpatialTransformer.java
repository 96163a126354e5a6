package io.github.kolors4j.internal.model;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.internal.tensor.Scope;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.Weights;
import org.jspecify.annotations.Nullable;

/**
 * Transformer blocks over the positions of a feature map, with a shortcut around them (diffusers
 * {@code Transformer2DModel} with linear projections).
 */
final class SpatialTransformer {
  private static final double EPSILON = 1e-6;

  private final GroupNorm norm;
  private final Linear in;
  private final TransformerBlock[] blocks;
  private final Linear out;

  SpatialTransformer(
      Weights weights, int channels, int textChannels, int layers, int heads, int groups) {
    norm = new GroupNorm(weights.at("norm"), channels, groups, EPSILON);
    in = new Linear(weights.at("proj_in"), channels, channels);
    blocks = new TransformerBlock[layers];
    for (int i = 0; i < layers; i++) {
      blocks[i] =
          new TransformerBlock(
              weights.at("transformer_blocks." + i), channels, textChannels, heads);
    }
    out = new Linear(weights.at("proj_out"), channels, channels);
  }

  /**
   * @param x (batch, channels, height, width)
   * @param text (batch, tokens, textChannels)
   * @param textBias (batch, tokens) on the scores of the tokens, or null
   * @return (batch, channels, height, width)
   */
  NDArray forward(NDArray x, NDArray text, @Nullable NDArray textBias) {
    try (Scope scope = new Scope(x, text)) {
      NDArray h = in.forward(TensorOperators.toPositions(norm.forward(x)));
      for (TransformerBlock block : blocks) {
        h = block.forward(h, text, textBias);
      }
      NDArray map = TensorOperators.fromPositions(out.forward(h), x);
      return scope.result(TensorOperators.add(map, x));
    }
  }
}
