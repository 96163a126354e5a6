package io.github.kolors4j.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.OptionalDouble;

/**
 * What a LoRA adds to one layer: {@code weight + alpha / rank * up * down}; with DoRA (Liu et al.
 * 2024), each row of the sum is brought to a length of its own.
 *
 * @param down the first matrix (peft's {@code lora_A}), {@code (rank, in)}, or for a convolution
 *     {@code (rank, in, height, width)}
 * @param up the second matrix (peft's {@code lora_B}), {@code (out, rank)}, or for a convolution
 *     {@code (out, rank, 1, 1)}
 * @param alpha the alpha that the file states for the layer; empty if it states none and the user
 *     has to say which one it was trained with
 * @param magnitude DoRA's lengths (out), peft's {@code lora_magnitude_vector}; null for plain LoRA
 */
public record LoraLayer(NDArray down, NDArray up, OptionalDouble alpha, NDArray magnitude) {

  /**
   * @throws IllegalArgumentException if the matrices do not share their rank, or the magnitude has
   *     not one number for each row of {@code up}
   */
  public LoraLayer {
    Shape first = down.getShape();
    Shape second = up.getShape();
    boolean linear = first.dimension() == 2 && second.dimension() == 2;
    boolean convolution = first.dimension() == 4 && second.dimension() == 4;
    if (!linear && !convolution || first.get(0) != second.get(1)) {
      throw new IllegalArgumentException(
          "down %s and up %s do not belong together: down is (rank, in), up is (out, rank)."
              .formatted(first, second));
    }
    if (magnitude != null && !magnitude.getShape().equals(new Shape(second.get(0)))) {
      throw new IllegalArgumentException(
          "magnitude %s and up %s do not belong together: magnitude is (out), up is (out, rank)."
              .formatted(magnitude.getShape(), second));
    }
  }

  /** Plain LoRA. */
  public LoraLayer(NDArray down, NDArray up, OptionalDouble alpha) {
    this(down, up, alpha, null);
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
    return new LoraLayer(down, up, OptionalDouble.of(newAlpha), magnitude);
  }

  /** The same matrices with DoRA's lengths (out). */
  public LoraLayer withMagnitude(NDArray newMagnitude) {
    return new LoraLayer(down, up, alpha, newMagnitude);
  }

  /**
   * The factor of {@code up * down}: alpha over rank, as in peft and sd-scripts.
   *
   * @throws LoraException if alpha is not known
   */
  public double scale() {
    return alpha.orElseThrow(
            () ->
                new LoraException(
                    "This LoRA's file does not say its alpha: give the one to apply with"
                        + " withAlpha(…) (the course trains with 4 and loads with 2)."))
        / rank();
  }

  /**
   * The factor of {@code up * down} with another alpha.
   *
   * @param otherAlpha NaN for the one that the file states
   * @throws LoraException if neither is known
   */
  public double scale(double otherAlpha) {
    return Double.isNaN(otherAlpha) ? scale() : otherAlpha / rank();
  }
}
