package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.training.GradientScaler;
import io.github.kolors4j.internal.training.MovingAverage;
import io.github.kolors4j.internal.training.Optimizer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What changes from step to step: the adapter, the optimizer's state, its moving average if one is
 * kept, and the scale of the loss in float16.
 */
final class Learner implements AutoCloseable {
  private static final String PARAMETER = "parameter.";
  private static final String OPTIMIZER = "optimiser.";
  private static final String AVERAGE = "average.";

  /** The norm of all gradients is computed even if nothing limits it. */
  private static final double NO_LIMIT = 1e30;

  private final Adapter adapter;
  private final Adapter result;
  private final Map<String, NDArray> parameters;
  private final Optimizer optimizer;
  private final double maxNorm;

  /** Null without an average. */
  private final @Nullable MovingAverage average;

  /** Null if the loss is not scaled. */
  private final @Nullable GradientScaler scaler;

  /**
   * @param optimizer of the adapter's parameters
   * @param maxNorm limit of the gradients' norm, all together
   * @param averageDecay of its moving average; 0 for none
   * @param scaled whether the loss is scaled, since it is computed in float16
   */
  Learner(
      Adapter adapter, Optimizer optimizer, double maxNorm, double averageDecay, boolean scaled) {
    this.adapter = adapter;
    this.optimizer = optimizer;
    this.maxNorm = Math.min(maxNorm, NO_LIMIT);
    parameters = adapter.parameters();
    average = averageDecay > 0 ? new MovingAverage(parameters, averageDecay) : null;
    result = average == null ? adapter : adapter.with(average.averages());
    scaler = scaled ? new GradientScaler() : null;
  }

  /** The adapter that learns. */
  Adapter adapter() {
    return adapter;
  }

  /** The adapter to keep: its moving average if there is one, otherwise the one that learns. */
  Adapter result() {
    return result;
  }

  /** What the loss is to be multiplied with before the backward pass. */
  double lossScale() {
    return scaler == null ? 1 : scaler.scale();
  }

  boolean scalesLoss() {
    return scaler != null;
  }

  /**
   * Learns from the gradients of one step.
   *
   * @param step its number, from 1
   * @return the gradients' norm; infinite if the step was skipped because of an overflow in float16
   */
  double step(long step, double learningRate) {
    double norm =
        scaler == null
            ? optimizer.step(learningRate, maxNorm)
            : scaler.step(optimizer, learningRate, maxNorm);
    if (average != null) {
      average.update(step);
    }
    return norm;
  }

  /** All arrays that an exact resume needs, by name: live, not copies. */
  Map<String, NDArray> arrays() {
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    parameters.forEach((name, array) -> arrays.put(PARAMETER + name, array));
    optimizer.state().forEach((name, array) -> arrays.put(OPTIMIZER + name, array));
    if (average != null) {
      average.averages().forEach((name, array) -> arrays.put(AVERAGE + name, array));
    }
    return arrays;
  }

  /** All numbers besides. */
  Map<String, Double> numbers() {
    Map<String, Double> numbers = new LinkedHashMap<>();
    numbers.put("optimiser.steps", (double) optimizer.steps());
    if (scaler != null) {
      numbers.put("scaler.scale", scaler.scale());
      numbers.put("scaler.good_steps", (double) scaler.goodSteps());
    }
    return numbers;
  }

  /** Goes on where a saved training stopped. */
  void restore(SavedTraining saved, NDManager manager) {
    Map<String, NDArray> live = arrays();
    try (NDManager scope = manager.newSubManager()) {
      Map<String, NDArray> read = saved.arrays(live, scope);
      Optimizer.copy(read, live);
      Map<String, NDArray> state = new LinkedHashMap<>();
      optimizer.state().keySet().forEach(name -> state.put(name, read.get(OPTIMIZER + name)));
      optimizer.restore(state, (long) saved.number("optimiser.steps"));
    }
    if (scaler != null) {
      scaler.restore(saved.number("scaler.scale"), (int) saved.number("scaler.good_steps"));
    }
  }

  /** Frees the optimizer's state and the average; the adapter belongs to whoever made it. */
  @Override
  public void close() {
    optimizer.close();
    if (average != null) {
      average.close();
    }
  }
}
