package io.github.kolors4j.internal.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The matrix of a linear layer in eight or four bits a weight. It is made a floating-point matrix
 * for each product and freed after it, so only one is there at a time.
 *
 * @param levels uint8 (out, in), or (out, in / 2) with two levels in a byte
 * @param minimum float32 (out, groups), what level 0 stands for
 * @param scale float32 (out, groups), the difference of two neighbouring levels
 * @param bits of a level
 */
public record QuantizedMatrix(NDArray levels, NDArray minimum, NDArray scale, int bits) {
  /** Rows that are quantized at a time, since that takes several copies in float32. */
  private static final int ROWS = 2048;

  /**
   * Quantizes a matrix.
   *
   * @param weight (out, in), of any floating-point type; stays the caller's
   * @return with arrays that belong to the weight's manager
   */
  public static QuantizedMatrix of(NDArray weight, Quantization quantization) {
    Shape shape = weight.getShape();
    int group = quantization.groupSize(shape.get(1));
    int highest = quantization.highestLevel();
    NDManager owner = weight.getManager();
    NDList levels = new NDList();
    NDList minima = new NDList();
    NDList scales = new NDList();
    try (NDManager scope = owner.newSubManager()) {
      for (long start = 0; start < shape.get(0); start += ROWS) {
        try (NDManager piece = scope.newSubManager()) {
          long end = Math.min(shape.get(0), start + ROWS);
          NDArray rows = weight.get(new NDIndex().addSliceDim(start, end));
          rows.attach(piece);
          NDArray minimum = TensorOperators.groupMinimum(rows, group);
          NDArray scale = TensorOperators.groupScale(rows, group, highest);
          NDArray level = TensorOperators.quantize(rows, minimum, scale, highest);
          levels.add(quantization.bits() == 4 ? TensorOperators.packInt4(level) : level);
          minima.add(minimum);
          scales.add(scale);
          levels.get(levels.size() - 1).attach(scope);
          minimum.attach(scope);
          scale.attach(scope);
        }
      }
      return new QuantizedMatrix(
          joined(levels, owner), joined(minima, owner), joined(scales, owner), quantization.bits());
    }
  }

  private static NDArray joined(NDList rows, NDManager owner) {
    NDArray whole = rows.size() == 1 ? rows.get(0) : NDArrays.concat(rows, 0);
    whole.attach(owner);
    return whole;
  }

  /** The shape of the matrix that this one stands for: (out, in). */
  public Shape shape() {
    return new Shape(levels.getShape().get(0), levels.getShape().get(1) * 8 / bits);
  }

  /**
   * {@code x · weightᵀ + bias}.
   *
   * @param x (…, in)
   * @param bias (out), or null for none
   * @return (…, out)
   */
  public NDArray linear(NDArray x, @Nullable NDArray bias) {
    try (NDArray weight = dequantize()) {
      return TensorOperators.linear(x, weight, bias);
    }
  }

  /** The weights that the levels stand for: float32 (out, in). */
  NDArray dequantize() {
    if (bits == 8) {
      return TensorOperators.dequantize(levels, minimum, scale);
    }
    try (NDArray unpacked = TensorOperators.unpackInt4(levels)) {
      return TensorOperators.dequantize(unpacked, minimum, scale);
    }
  }
}
