package io.github.kolors4j.internal.model;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.internal.tensor.Scope;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.Weights;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Two normalised convolutions with a shortcut around them, told the time between them (diffusers
 * {@code ResnetBlock2D}).
 */
final class ResnetBlock {
  private final GroupNorm norm1;
  private final Conv2d conv1;
  private final @Nullable Linear timeProjection;
  private final GroupNorm norm2;
  private final Conv2d conv2;
  private final @Nullable Conv2d shortcut;

  /**
   * @param timeChannels length of the time embedding, or 0 for a block without one (the VAE's)
   */
  ResnetBlock(Weights weights, int in, int out, int timeChannels, int groups, double epsilon) {
    norm1 = new GroupNorm(weights.at("norm1"), in, groups, epsilon);
    conv1 = new Conv2d(weights.at("conv1"), in, out, 3);
    timeProjection =
        timeChannels == 0 ? null : new Linear(weights.at("time_emb_proj"), timeChannels, out);
    norm2 = new GroupNorm(weights.at("norm2"), out, groups, epsilon);
    conv2 = new Conv2d(weights.at("conv2"), out, out, 3);
    shortcut = in == out ? null : new Conv2d(weights.at("conv_shortcut"), in, out, 1);
  }

  /** A block without time. */
  NDArray forward(NDArray x) {
    return forward(x, null);
  }

  /**
   * @param x (batch, in, height, width)
   * @param activatedTime SiLU of the time embedding (batch, timeChannels)
   * @return (batch, out, height, width)
   */
  NDArray forward(NDArray x, @Nullable NDArray activatedTime) {
    try (Scope scope = activatedTime == null ? new Scope(x) : new Scope(x, activatedTime)) {
      NDArray h = conv1.forward(norm1.forwardSilu(x));
      if (timeProjection != null) {
        NDArray time = timeProjection.forward(Objects.requireNonNull(activatedTime));
        h = TensorOperators.addToChannels(h, time);
      }
      h = conv2.forward(norm2.forwardSilu(h));
      NDArray around = shortcut == null ? x : shortcut.forward(x);
      return scope.result(TensorOperators.add(h, around));
    }
  }
}
