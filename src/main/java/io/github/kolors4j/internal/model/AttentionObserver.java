package io.github.kolors4j.internal.model;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * Sees what an attention layer is about to compare. The layer itself never holds the matrix of
 * probabilities; who wants it computes it from what is seen here.
 */
@FunctionalInterface
public interface AttentionObserver {
  /**
   * Called on the thread that computes. The arrays belong to the layer: they are freed after the
   * layer's block, and must not be changed.
   *
   * @param query (batch, length, heads · size)
   * @param key (batch, context length, heads · size)
   * @param bias (batch, context length) on the scores, or null
   */
  void comparing(NDArray query, NDArray key, int heads, @Nullable NDArray bias);
}
