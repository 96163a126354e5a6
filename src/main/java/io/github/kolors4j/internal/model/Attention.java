package io.github.kolors4j.internal.model;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.Weights;
import org.jspecify.annotations.Nullable;

/** Multi-head attention of a sequence to a context, which may be the sequence itself. */
final class Attention {
  private final Linear query;
  private final Linear key;
  private final Linear value;
  private final Linear out;
  private final int heads;

  /**
   * @param channels length of the sequence's tokens
   * @param contextChannels length of the context's tokens
   */
  Attention(Weights weights, int channels, int contextChannels, int heads) {
    query = new Linear(weights.at("to_q"), channels, channels, false);
    key = new Linear(weights.at("to_k"), contextChannels, channels, false);
    value = new Linear(weights.at("to_v"), contextChannels, channels, false);
    out = new Linear(weights.at("to_out.0"), channels, channels);
    this.heads = heads;
  }

  /**
   * @param x (batch, length, channels)
   * @param context (batch, context length, contextChannels)
   * @param bias (batch, context length) on the scores, or null
   * @return (batch, length, channels)
   */
  NDArray forward(NDArray x, NDArray context, @Nullable NDArray bias) {
    return out.forward(
        TensorOperators.attention(
            query.forward(x), key.forward(context), value.forward(context), heads, bias));
  }
}
