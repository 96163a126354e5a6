package io.github.kolors4j.internal.model;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * What one adapter adds to a layer: {@code scale · up · down} to its weight, and with DoRA a new
 * length for each row or column of the sum.
 *
 * @param down LoRA's A: (rank, in), or (rank, in, kernel, kernel) for a convolution
 * @param up LoRA's B: (out, rank), or (out, rank, 1, 1) for a convolution
 * @param scale alpha / rank, times the weight that the adapter is used with
 * @param magnitude the lengths of the rows (out), or those of the columns (1, in); null for plain
 *     LoRA. A convolution's row is all that makes one channel of its output, its column all that
 *     one channel of its input meets
 */
public record LowRankUpdate(NDArray down, NDArray up, double scale, @Nullable NDArray magnitude) {
  /** Plain LoRA. */
  public LowRankUpdate(NDArray down, NDArray up, double scale) {
    this(down, up, scale, null);
  }

  /** Whether the lengths are those of columns. */
  boolean perColumn() {
    return magnitude != null && magnitude.getShape().dimension() == 2;
  }
}
