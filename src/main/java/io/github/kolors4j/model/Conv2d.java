package io.github.kolors4j.model;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.tensor.Operators;
import io.github.kolors4j.weights.Weights;

/** A convolution with a square kernel. */
final class Conv2d {
  private final NDArray weight;
  private final NDArray bias;
  private final int stride;
  private final int padding;

  /** A convolution that keeps height and width. */
  Conv2d(Weights weights, int in, int out, int kernel) {
    this(weights, in, out, kernel, 1, kernel / 2);
  }

  /**
   * @param weights the branch with {@code weight} (out, in, kernel, kernel) and {@code bias} (out)
   */
  Conv2d(Weights weights, int in, int out, int kernel, int stride, int padding) {
    weight = weights.get("weight", out, in, kernel, kernel);
    bias = weights.get("bias", out);
    this.stride = stride;
    this.padding = padding;
  }

  /**
   * @param x (batch, in, height, width)
   * @return (batch, out, height / stride, width / stride)
   */
  NDArray forward(NDArray x) {
    return Operators.conv2d(x, weight, bias, stride, padding);
  }
}
