package io.github.kolors4j.internal.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.lora.LoraException;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a LoRA adds to one layer: {@code weight + scale * up * down}; with DoRA (Liu et al. 2024),
 * each row or column of the sum is brought to a length of its own.
 *
 * @param down the first matrix (peft's {@code lora_A}), {@code (rank, in)}, or for a convolution
 *     {@code (rank, in, height, width)}
 * @param up the second matrix (peft's {@code lora_B}), {@code (out, rank)}, or for a convolution
 *     {@code (out, rank, 1, 1)}
 * @param alpha the alpha that the file states for the layer; empty if it states none and the user
 *     has to say which one it was trained with
 * @param rankStabilised whether the scale is alpha / √rank (rsLoRA, Kalajdzievski 2023) instead of
 *     alpha / rank
 * @param magnitude DoRA's lengths: of the rows (out), as peft's {@code lora_magnitude_vector} has
 *     them, or of the columns (1, in), as LyCORIS's {@code dora_scale} has them with {@code
 *     wd_on_out} false; null for plain LoRA
 */
public record LoraLayer(
    NDArray down,
    NDArray up,
    OptionalDouble alpha,
    boolean rankStabilised,
    @Nullable NDArray magnitude) {

  /**
   * @throws IllegalArgumentException if the matrices do not share their rank, or the magnitude has
   *     neither one number for each row of {@code up} nor one for each column of {@code down}
   */
  public LoraLayer {
    Shape first = down.getShape();
    Shape second = up.getShape();
    boolean linear = first.dimension() == 2 && second.dimension() == 2;
    boolean convolution =
        first.dimension() == 4
            && second.dimension() == 4
            && second.get(2) == 1
            && second.get(3) == 1;
    if (!linear && !convolution || first.get(0) != second.get(1) || first.get(0) == 0) {
      throw new IllegalArgumentException(
          "down %s and up %s do not belong together: down is (rank, in), up is (out, rank)."
              .formatted(first, second));
    }
    if (magnitude != null
        && !magnitude.getShape().equals(new Shape(second.get(0)))
        && !magnitude.getShape().equals(new Shape(1, first.get(1)))) {
      throw new IllegalArgumentException(
          "magnitude %s does not belong to down %s and up %s: it is (out) for lengths of rows, (1, in) for those of columns."
              .formatted(magnitude.getShape(), first, second));
    }
  }

  /** Plain LoRA. */
  public LoraLayer(NDArray down, NDArray up, OptionalDouble alpha) {
    this(down, up, alpha, false, null);
  }

  /** A layer whose file states no alpha. */
  public LoraLayer(NDArray down, NDArray up) {
    this(down, up, OptionalDouble.empty());
  }

  /** The number of rows between the two matrices. */
  public int rank() {
    return (int) down.getShape().get(0);
  }

  /** The same matrices with another alpha. */
  public LoraLayer withAlpha(double newAlpha) {
    return new LoraLayer(down, up, OptionalDouble.of(newAlpha), rankStabilised, magnitude);
  }

  /** The same matrices, scaled by alpha / √rank or by alpha / rank. */
  public LoraLayer withRankStabilised(boolean stabilised) {
    return new LoraLayer(down, up, alpha, stabilised, magnitude);
  }

  /** The same matrices with DoRA's lengths, (out) or (1, in). */
  public LoraLayer withMagnitude(@Nullable NDArray newMagnitude) {
    return new LoraLayer(down, up, alpha, rankStabilised, newMagnitude);
  }

  /** The same scale for other matrices. */
  public LoraLayer withMatrices(NDArray newDown, NDArray newUp, @Nullable NDArray newMagnitude) {
    return new LoraLayer(newDown, newUp, alpha, rankStabilised, newMagnitude);
  }

  /** Whether DoRA's lengths are those of columns. */
  public boolean perColumn() {
    return magnitude != null && magnitude.getShape().dimension() == 2;
  }

  /** Whether the adapter is for a layer whose weight has a shape. */
  public boolean fits(Shape weight) {
    Shape first = down.getShape();
    boolean sameKernel = first.dimension() == weight.dimension();
    for (int i = 1; sameKernel && i < first.dimension(); i++) {
      sameKernel = first.get(i) == weight.get(i);
    }
    return sameKernel && up.getShape().get(0) == weight.get(0);
  }

  /**
   * The factor of {@code up * down}: alpha over rank, as in peft and sd-scripts, or over its square
   * root.
   *
   * @throws LoraException if alpha is not known
   */
  public double scale() {
    double known =
        alpha.orElseThrow(
            () ->
                new LoraException(
                    "This LoRA's file does not say its alpha: give the one to apply with"
                        + " Lora.of(file).alpha(…) or --lora-alpha (the course trains with 4 and"
                        + " loads with 2)."));
    return known / (rankStabilised ? Math.sqrt(rank()) : rank());
  }
}
