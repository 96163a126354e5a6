package io.github.kolors4j.internal.model;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.Weights;

/** Layer normalisation over the last axis. */
final class LayerNorm {
  static final double EPSILON = 1e-5;

  private final NDArray weight;
  private final NDArray bias;

  LayerNorm(Weights weights, int channels) {
    weight = weights.get("weight", channels);
    bias = weights.get("bias", channels);
  }

  NDArray forward(NDArray x) {
    return TensorOperators.layerNorm(x, weight, bias, EPSILON);
  }
}
