package io.github.kolors4j.internal.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A layer whose weight low-rank adapters can change (LoRA, Hu et al. 2021; DoRA, Liu et al. 2024):
 * a linear layer or a convolution. What adapters add is computed beside the weight, which stays as
 * it is; each works on what the ones before it made.
 */
public abstract class AdaptableLayer {
  private final Weights weights;
  private List<LowRankUpdate> updates = List.of();

  /** Only this package's layers can be adapted. */
  AdaptableLayer(Weights weights) {
    this.weights = weights;
    weights.enter(this);
  }

  /**
   * @param x the layer's input
   * @return its output, with all adapters
   */
  public final NDArray forward(NDArray x) {
    return forward(x, updates.size());
  }

  /** With the first adapters only. */
  private NDArray forward(NDArray x, int count) {
    if (count == 0) {
      return withoutAdapters(x);
    }
    LowRankUpdate update = updates.get(count - 1);
    if (update.magnitude() == null) {
      return addLowRank(forward(x, count - 1), x, update.atStrength(x.getManager()));
    }
    if (update.perColumn()) {
      // A column of the weight meets one channel of the input.
      NDArray scaled = x.mul(alongChannels(factor(x, update)));
      return addLowRank(forward(scaled, count - 1), scaled, update);
    }
    return scaledRows(forward(x, count - 1), x, update);
  }

  /** The weight's rows, which make one channel of the output each, brought to their lengths. */
  NDArray scaledRows(NDArray y, NDArray x, LowRankUpdate update) {
    NDArray factor = alongChannels(factor(x, update));
    NDArray added = bias();
    if (added == null) {
      return addLowRank(y, x, update).mul(factor);
    }
    // The bias is no part of what DoRA decomposes.
    NDArray typed = TensorOperators.sameType(added, x);
    typed.attach(y.getManager());
    NDArray shaped = alongChannels(typed);
    return addLowRank(y.sub(shaped), x, update).mul(factor).add(shaped);
  }

  private NDArray factor(NDArray x, LowRankUpdate update) {
    NDArray factor =
        TensorOperators.doraFactor(
            weight(),
            update.down(),
            update.up(),
            Objects.requireNonNull(update.magnitude()),
            update.scale());
    NDArray typed = TensorOperators.sameType(factor, x);
    factor.close();
    typed.attach(x.getManager());
    return typed;
  }

  /** One number a channel, in the shape that the channels of this layer's pictures have. */
  private NDArray alongChannels(NDArray values) {
    long[] shape = new long[weightShape().dimension() - 1];
    Arrays.fill(shape, 1);
    shape[0] = values.size();
    return values.reshape(new Shape(shape));
  }

  abstract NDArray withoutAdapters(NDArray x);

  /** {@code y + scale · up · down · x}. */
  abstract NDArray addLowRank(NDArray y, NDArray x, LowRankUpdate update);

  /** The bias (out), or null. */
  abstract @Nullable NDArray bias();

  /**
   * The weight, which a merge of adapters changes in place: (out, in), or (out, in, kernel, kernel)
   * of a convolution.
   *
   * @throws IllegalStateException if it is held quantized
   */
  public abstract NDArray weight();

  /** The weight's shape, however it is held. */
  public abstract Shape weightShape();

  /** Replaces the adapters that are added to this layer's output. */
  public final void setUpdates(List<LowRankUpdate> updates) {
    if (updates.isEmpty() && this.updates.isEmpty()) {
      return; // what was recorded of the network still holds
    }
    this.updates = List.copyOf(updates);
    weights.layersChanged();
  }

  /** The adapters that are added to this layer's output. */
  public final List<LowRankUpdate> updates() {
    return updates;
  }
}
