package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.tensor.Gradients;
import io.github.kolors4j.tensor.Operators;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An exponential moving average of parameters, which makes better pictures than the last values (Ho
 * et al. 2020).
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
    parameters.forEach(
        (name, parameter) -> {
          NDArray copy = parameter.duplicate();
          copy.attach(manager);
          averages.put(name, copy);
        });
  }

  /**
   * @param step the number of the step just made, from 1: early averages forget faster
   */
  public void update(long step) {
    double early = (1.0 + step) / (10.0 + step);
    try (Gradients off = Gradients.disable()) {
      double now = Math.min(decay, early);
      parameters.forEach((name, x) -> Operators.movingAverage(averages.get(name), x, now));
    }
  }

  public Map<String, NDArray> averages() {
    return averages;
  }

  @Override
  public void close() {
    manager.close();
  }
}
