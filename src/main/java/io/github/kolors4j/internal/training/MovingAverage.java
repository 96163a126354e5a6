package io.github.kolors4j.internal.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.TensorOperators;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;

/**
 * An exponential moving average of parameters, which makes better pictures than the last values (Ho
 * et al. 2020; diffusers {@code training_utils.EMAModel}).
 */
public final class MovingAverage implements AutoCloseable {
  private final NDManager manager;
  private final Map<String, NDArray> parameters;
  private final Map<String, NDArray> averages = new LinkedHashMap<>();
  private final double decay;

  public MovingAverage(Map<String, NDArray> parameters, double decay) {
    this.parameters = new LinkedHashMap<>(parameters);
    this.decay = decay;
    manager = parameters.values().iterator().next().getManager().newSubManager();
    try (Gradients off = Gradients.disable()) {
      parameters.forEach(
          (name, parameter) -> {
            NDArray copy = parameter.duplicate();
            copy.attach(manager);
            averages.put(name, copy);
          });
    }
  }

  /**
   * @param step the number of the step just made, from 1: early averages forget faster, the first
   *     one at once
   */
  public void update(long step) {
    try (Gradients off = Gradients.disable();
        NDArray now = manager.create(step <= 1 ? 0 : Math.min(decay, step / (9.0 + step)))) {
      parameters.forEach((name, x) -> TensorOperators.movingAverage(average(name), x, now));
    }
  }

  /** Computes something with the averages in the parameters' place, which return afterwards. */
  public double during(DoubleSupplier computation) {
    try (NDManager scope = manager.newSubManager();
        Gradients off = Gradients.disable()) {
      Map<String, NDArray> own = new LinkedHashMap<>();
      parameters.forEach(
          (name, parameter) -> {
            NDArray copy = parameter.duplicate();
            copy.attach(scope);
            own.put(name, copy);
            TensorOperators.copy(average(name), parameter);
          });
      try {
        return computation.getAsDouble();
      } finally {
        parameters.forEach((name, x) -> TensorOperators.copy(own.getOrDefault(name, x), x));
      }
    }
  }

  private NDArray average(String name) {
    return Objects.requireNonNull(averages.get(name), name);
  }

  public Map<String, NDArray> averages() {
    return averages;
  }

  @Override
  public void close() {
    manager.close();
  }
}
