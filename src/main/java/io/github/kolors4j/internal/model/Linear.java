package io.github.kolors4j.internal.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.tensor.QuantizedMatrix;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.Weights;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer {@code x · weightᵀ + bias}, from (…, in) to (…, out), to which low-rank adapters
 * can be attached.
 */
public final class Linear extends AdaptableLayer {
  private final @Nullable NDArray weight;
  private final @Nullable QuantizedMatrix quantized;
  private final @Nullable NDArray bias;
  private final Shape shape;

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
    super(weights);
    quantized = weights.quantized("weight", out, in).orElse(null);
    weight = quantized == null ? weights.get("weight", out, in) : null;
    bias = withBias ? weights.get("bias", out) : null;
    shape = new Shape(out, in);
  }

  @Override
  NDArray withoutAdapters(NDArray x) {
    return quantized == null
        ? TensorOperators.linear(x, weight(), bias)
        : quantized.linear(x, bias);
  }

  @Override
  NDArray addLowRank(NDArray y, NDArray x, LowRankUpdate update) {
    return TensorOperators.addLowRank(y, x, update.down(), update.up(), update.scale());
  }

  /** In one call, and with the gradients that DoRA is trained with. */
  @Override
  NDArray scaledRows(NDArray y, NDArray x, LowRankUpdate update) {
    if (bias == null) {
      return decomposed(y, x, update);
    }
    NDArray typed = TensorOperators.sameType(bias, x);
    typed.attach(y.getManager());
    return decomposed(y.sub(typed), x, update).add(typed);
  }

  private NDArray decomposed(NDArray y, NDArray x, LowRankUpdate update) {
    return TensorOperators.dora(
        y,
        x,
        weight(),
        update.down(),
        update.up(),
        Objects.requireNonNull(update.magnitude()),
        update.scale());
  }

  @Override
  @Nullable NDArray bias() {
    return bias;
  }

  @Override
  public NDArray weight() {
    if (quantized != null) {
      throw new IllegalStateException(
          "This layer is held in %d bits and cannot be changed: load the network unquantised."
              .formatted(quantized.bits()));
    }
    return Objects.requireNonNull(weight);
  }

  @Override
  public Shape weightShape() {
    return shape;
  }
}
