package io.github.kolors4j.model;

import ai.djl.ndarray.NDArray;

/**
 * What one adapter adds to a linear layer: {@code scale · up · down} to its weight, and with DoRA a
 * new length for each row of the sum.
 *
 * @param down (rank, in), LoRA's A
 * @param up (out, rank), LoRA's B
 * @param scale alpha / rank, times the weight that the adapter is used with
 * @param magnitude (out), the lengths of the rows, or null for plain LoRA
 */
public record LowRankUpdate(NDArray down, NDArray up, double scale, NDArray magnitude) {
  /** Plain LoRA. */
  public LowRankUpdate(NDArray down, NDArray up, double scale) {
    this(down, up, scale, null);
  }
}
