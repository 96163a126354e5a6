package io.github.kolors4j.internal.model;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.internal.tensor.Scope;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.Weights;
import org.jspecify.annotations.Nullable;

/**
 * Self-attention, attention to the text, and a gated feed-forward layer, each normalised before and
 * added to its input (diffusers {@code BasicTransformerBlock}).
 */
final class TransformerBlock {
  private static final int FEED_FORWARD_FACTOR = 4;

  private final LayerNorm norm1;
  private final Attention selfAttention;
  private final LayerNorm norm2;
  private final Attention textAttention;
  private final LayerNorm norm3;
  private final Linear widen;
  private final Linear narrow;

  TransformerBlock(Weights weights, int channels, int textChannels, int heads) {
    norm1 = new LayerNorm(weights.at("norm1"), channels);
    selfAttention = new Attention(weights.at("attn1"), channels, channels, heads);
    norm2 = new LayerNorm(weights.at("norm2"), channels);
    textAttention = new Attention(weights.at("attn2"), channels, textChannels, heads);
    norm3 = new LayerNorm(weights.at("norm3"), channels);
    int wide = FEED_FORWARD_FACTOR * channels;
    widen = new Linear(weights.at("ff.net.0.proj"), channels, 2 * wide);
    narrow = new Linear(weights.at("ff.net.2"), wide, channels);
  }

  /**
   * @param x (batch, positions, channels)
   * @param text (batch, tokens, textChannels)
   * @param textBias (batch, tokens) on the scores of the tokens, or null
   * @return (batch, positions, channels)
   */
  NDArray forward(NDArray x, NDArray text, @Nullable NDArray textBias) {
    try (Scope scope = new Scope(x, text)) {
      NDArray normed = norm1.forward(x);
      NDArray h = TensorOperators.add(selfAttention.forward(normed, normed, null), x);
      h = TensorOperators.add(textAttention.forward(norm2.forward(h), text, textBias), h);
      NDArray fed = narrow.forward(TensorOperators.geglu(widen.forward(norm3.forward(h))));
      return scope.result(TensorOperators.add(fed, h));
    }
  }
}
