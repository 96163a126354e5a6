package io.github.kolors4j.internal.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.TensorOperators;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** The gradients of one step, by their parameters' names. Closing it ends the use, not the sums. */
public final class CollectedGradients implements AutoCloseable {
  private final NDManager scope;
  private final Gradients off = Gradients.disable();
  private final Map<String, NDArray> gradients = new LinkedHashMap<>();

  /** Those that a backward pass has reached: torch leaves the others alone, too. */
  public CollectedGradients(Map<String, NDArray> parameters, NDManager manager) {
    scope = manager.newSubManager();
    parameters.forEach(
        (name, parameter) -> {
          NDArray gradient = Gradients.of(parameter);
          if (gradient != null) {
            gradient.attach(scope);
            gradients.put(name, gradient);
          }
        });
  }

  /**
   * Numbers for the operators of this step, float64. On the CPU: the program reads them, and those
   * of a GPU would have to be waited for.
   */
  NDArray numbers(double... values) {
    return scope.newSubManager(Device.cpu()).create(values);
  }

  /**
   * Scales the gradients down to a norm, all together.
   *
   * @return the norm before; NaN if the limit is infinite
   */
  double clip(double maxNorm) {
    return Double.isInfinite(maxNorm)
        ? Double.NaN
        : TensorOperators.clipNorm(gradients.values(), maxNorm);
  }

  /**
   * Multiplies the gradients by a factor.
   *
   * @return whether all of them are finite
   */
  public boolean unscale(double factor) {
    return TensorOperators.unscale(gradients.values(), factor);
  }

  void forEach(BiConsumer<String, NDArray> use) {
    gradients.forEach(use);
  }

  /** Sets all of them to zero, for the next step's sums. */
  void zero() {
    if (!gradients.isEmpty()) {
      TensorOperators.zero(gradients.values());
    }
  }

  @Override
  public void close() {
    off.close();
    scope.close();
  }
}
