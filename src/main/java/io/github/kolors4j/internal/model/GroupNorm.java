package io.github.kolors4j.internal.model;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.Weights;

/** Group normalisation of (batch, channels, height, width). */
final class GroupNorm {
  private final NDArray weight;
  private final NDArray bias;
  private final int groups;
  private final double epsilon;

  GroupNorm(Weights weights, int channels, int groups, double epsilon) {
    weight = weights.get("weight", channels);
    bias = weights.get("bias", channels);
    this.groups = groups;
    this.epsilon = epsilon;
  }

  NDArray forward(NDArray x) {
    return TensorOperators.groupNorm(x, groups, weight, bias, epsilon);
  }

  /** The norm, then SiLU. */
  NDArray forwardSilu(NDArray x) {
    return TensorOperators.groupNormSilu(x, groups, weight, bias, epsilon);
  }
}
