package io.github.kolors4j.internal.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
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
 * @param strength (): a further factor of plain LoRA, whose value may be another at each call of
 *     the network; null for none
 */
public record LowRankUpdate(
    NDArray down,
    NDArray up,
    double scale,
    @Nullable NDArray magnitude,
    @Nullable NDArray strength) {

  /** One that counts the same at each call. */
  public LowRankUpdate(NDArray down, NDArray up, double scale, @Nullable NDArray magnitude) {
    this(down, up, scale, magnitude, null);
  }

  /** Plain LoRA. */
  public LowRankUpdate(NDArray down, NDArray up, double scale) {
    this(down, up, scale, null);
  }

  /**
   * Plain LoRA with its strength in the first matrix, which is smaller than what goes through it.
   *
   * @param owner of that product
   */
  LowRankUpdate atStrength(NDManager owner) {
    if (strength == null) {
      return this;
    }
    NDArray strong = down.mul(strength);
    strong.attach(owner);
    return new LowRankUpdate(strong, up, scale);
  }

  /** All arrays that are computed with. */
  List<NDArray> arrays() {
    return Stream.of(down, up, magnitude, strength).filter(Objects::nonNull).toList();
  }

  /** Whether the lengths are those of columns. */
  boolean perColumn() {
    return magnitude != null && magnitude.getShape().dimension() == 2;
  }
}
