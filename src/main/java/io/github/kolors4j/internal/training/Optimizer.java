package io.github.kolors4j.internal.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.tensor.TensorOperators;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Changes parameters by their gradients, step by step. It owns what it remembers of them between
 * steps; the parameters belong to the caller.
 */
public abstract class Optimizer implements AutoCloseable {
  private final Map<String, NDArray> parameters;
  private final NDManager manager;
  private long steps;

  /**
   * @param parameters by name; each is made to require a gradient
   */
  protected Optimizer(Map<String, NDArray> parameters) {
    this.parameters = new LinkedHashMap<>(parameters);
    manager = parameters.values().iterator().next().getManager().newSubManager();
    parameters.values().forEach(parameter -> parameter.setRequiresGradient(true));
  }

  /**
   * An optimizer with torch's usual decays of its averages.
   *
   * @param name {@code AdamW}, {@code AdamW8bit}, {@code Prodigy} or {@code Muon}
   */
  public static Optimizer of(String name, Map<String, NDArray> parameters, double weightDecay) {
    AdamW.Settings settings = new AdamW.Settings(0.9, 0.999, 1e-8, weightDecay);
    return switch (name) {
      case "AdamW8bit" -> new AdamW8bit(parameters, settings);
      case "Prodigy" -> new Prodigy(parameters, settings);
      case "Muon" -> Muon.ofNetwork(parameters, settings);
      default -> new AdamW(parameters, settings);
    };
  }

  /**
   * Changes every parameter by its summed-up gradient, then sets the gradients to zero.
   *
   * @param learningRate of this step
   * @param maxNorm limit of the norm of all gradients together; infinite for no clipping
   * @return the norm before clipping; NaN if it was not asked for
   */
  public final double step(double learningRate, double maxNorm) {
    steps++;
    try (CollectedGradients gradients = gradients()) {
      double norm = gradients.clip(maxNorm);
      update(gradients, learningRate);
      gradients.zero();
      return norm;
    }
  }

  /** What one kind of optimizer does to its parameters in the step that {@link #steps} counts. */
  abstract void update(CollectedGradients gradients, double learningRate);

  /** The state that an exact resume needs, by name: live arrays, not copies. */
  public abstract Map<String, NDArray> state();

  /** How many steps were made. */
  public final long steps() {
    return steps;
  }

  /**
   * Copies a saved {@link #state()} over this one.
   *
   * @param madeSteps the number of steps that were made
   * @throws IllegalArgumentException if it belongs to other parameters
   */
  public final void restore(Map<String, NDArray> saved, long madeSteps) {
    copy(saved, state());
    steps = madeSteps;
  }

  /** Copies saved arrays over live ones of the same names. */
  public static void copy(Map<String, NDArray> saved, Map<String, NDArray> live) {
    live.forEach(
        (name, array) -> {
          NDArray other = saved.get(name);
          if (other == null || !other.getShape().equals(array.getShape())) {
            throw new IllegalArgumentException(
                "The saved training state has no fitting \""
                    + name
                    + "\": it belongs to a run with other layers or another rank.");
          }
          TensorOperators.copy(other, array);
        });
  }

  /** The owner of what is remembered. */
  final NDManager manager() {
    return manager;
  }

  final NDArray parameter(String name) {
    return Objects.requireNonNull(parameters.get(name), name);
  }

  final CollectedGradients gradients() {
    return new CollectedGradients(parameters, manager);
  }

  @Override
  public final void close() {
    manager.close();
  }
}
