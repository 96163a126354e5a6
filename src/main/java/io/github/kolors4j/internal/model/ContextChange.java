package io.github.kolors4j.internal.model;

import ai.djl.ndarray.NDArray;

/**
 * What is done to the vectors that attention attends to, before keys and values are made of them.
 */
public interface ContextChange {
  /**
   * @param context (batch, length, channels)
   * @return of the same shape, in the context's manager: what {@code to_k} gets
   */
  NDArray forKeys(NDArray context);

  /**
   * @param context (batch, length, channels)
   * @return of the same shape, in the context's manager: what {@code to_v} gets
   */
  NDArray forValues(NDArray context);
}
