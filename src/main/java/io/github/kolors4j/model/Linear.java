package io.github.kolors4j.model;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.tensor.Operators;
import io.github.kolors4j.tensor.QuantisedMatrix;
import io.github.kolors4j.weights.Weights;
import java.util.List;

/**
 * A linear layer {@code x · weightᵀ + bias}, to which low-rank adapters can be attached (LoRA, Hu
 * et al. 2021).
 */
public final class Linear {
  private final NDArray weight;
  private final QuantisedMatrix quantised;
  private final NDArray bias;
  private List<LowRankUpdate> updates = List.of();

  /**
   * @param weights the branch with {@code weight} (out, in) and {@code bias} (out)
   * @param in length of the input's last axis
   * @param out length of the output's last axis
   */
  public Linear(Weights weights, int in, int out) {
    this(weights, in, out, true);
  }

  /**
   * @param withBias whether the layer has a bias
   */
  public Linear(Weights weights, int in, int out, boolean withBias) {
    quantised = weights.quantised("weight", out, in).orElse(null);
    weight = quantised == null ? weights.get("weight", out, in) : null;
    bias = withBias ? weights.get("bias", out) : null;
    weights.enter(this);
  }

  /**
   * @param x (…, in)
   * @return (…, out)
   */
  public NDArray forward(NDArray x) {
    NDArray y = quantised == null ? Operators.linear(x, weight, bias) : quantised.linear(x, bias);
    for (LowRankUpdate update : updates) {
      y =
          update.magnitude() == null
              ? Operators.addLowRank(y, x, update.down(), update.up(), update.scale())
              : dora(y, x, update);
    }
    return y;
  }

  /** The bias is no part of what DoRA decomposes. */
  private NDArray dora(NDArray y, NDArray x, LowRankUpdate update) {
    if (bias == null) {
      return decomposed(y, x, update);
    }
    NDArray typed = Operators.sameType(bias, x);
    typed.attach(y.getManager());
    return decomposed(y.sub(typed), x, update).add(typed);
  }

  private NDArray decomposed(NDArray y, NDArray x, LowRankUpdate update) {
    return Operators.dora(
        y, x, weight(), update.down(), update.up(), update.magnitude(), update.scale());
  }

  /**
   * The weight (out, in), which a merge of adapters changes in place.
   *
   * @throws IllegalStateException if it is held quantised
   */
  public NDArray weight() {
    if (weight == null) {
      throw new IllegalStateException(
          "This layer is held in %d bits and cannot be changed: load the network unquantised."
              .formatted(quantised.bits()));
    }
    return weight;
  }

  /** Replaces the adapters that are added to this layer's output. */
  public void setUpdates(List<LowRankUpdate> updates) {
    this.updates = List.copyOf(updates);
  }

  /** The adapters that are added to this layer's output. */
  public List<LowRankUpdate> updates() {
    return updates;
  }
}
