package io.github.kolors4j.internal.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.Weights;

/**
 * A convolution with a square kernel, from (batch, in, height, width) to (batch, out, height /
 * stride, width / stride), to which low-rank adapters can be attached: a convolution to few
 * channels with the same kernel, stride and padding, and one of 1×1 to all of them (LoCon).
 */
final class Conv2d extends AdaptableLayer {
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
    super(weights);
    weight = weights.kernel("weight", out, in, kernel, kernel);
    bias = weights.get("bias", out);
    this.stride = stride;
    this.padding = padding;
  }

  @Override
  NDArray withoutAdapters(NDArray x) {
    return TensorOperators.conv2d(x, weight, bias, stride, padding);
  }

  @Override
  NDArray addLowRank(NDArray y, NDArray x, LowRankUpdate update) {
    return TensorOperators.addLowRankConv2d(
        y, x, update.down(), update.up(), update.scale(), stride, padding);
  }

  @Override
  NDArray bias() {
    return bias;
  }

  @Override
  public NDArray weight() {
    return weight;
  }

  @Override
  public Shape weightShape() {
    return weight.getShape();
  }
}
