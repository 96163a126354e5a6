package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.tensor.TensorOperators;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2017), step for step as {@code
 * torch.optim.AdamW}.
 *
 * <p>It owns the running averages of each parameter's gradient and squared gradient; the parameters
 * belong to the caller.
 */
public final class AdamW implements Optimiser {
  private final NDManager manager;
  private final Map<String, NDArray> parameters;
  private final Map<String, NDArray> firstMoments = new LinkedHashMap<>();
  private final Map<String, NDArray> secondMoments = new LinkedHashMap<>();
  private final Settings settings;
  private long step;

  /**
   * @param beta1 decay of the gradient's average
   * @param beta2 decay of the squared gradient's average
   * @param epsilon added to the denominator
   * @param weightDecay share of a parameter, times the learning rate, that is taken off at each
   *     step
   */
  public record Settings(double beta1, double beta2, double epsilon, double weightDecay) {
    /** torch's defaults: 0.9, 0.999, 1e-8, 0.01. */
    public static final Settings TORCH = new Settings(0.9, 0.999, 1e-8, 0.01);

    /** Everything that one step depends on, as the operators take it: (6) float64. */
    NDArray hyper(CollectedGradients gradients, double learningRate, long step) {
      return gradients.numbers(learningRate, beta1, beta2, epsilon, weightDecay, step);
    }
  }

  /**
   * @param parameters by name; each is made to require a gradient
   */
  public AdamW(Map<String, NDArray> parameters, Settings settings) {
    this.parameters = new LinkedHashMap<>(parameters);
    this.settings = settings;
    manager = parameters.values().iterator().next().getManager().newSubManager();
    parameters.forEach(
        (name, parameter) -> {
          parameter.setRequiresGradient(true);
          firstMoments.put(name, manager.zeros(parameter.getShape()));
          secondMoments.put(name, manager.zeros(parameter.getShape()));
        });
  }

  @Override
  public double step(double learningRate, double maxNorm) {
    step++;
    try (CollectedGradients gradients = new CollectedGradients(parameters, manager)) {
      double norm = gradients.clip(maxNorm);
      NDArray hyper = settings.hyper(gradients, learningRate, step);
      gradients.forEach(
          (name, gradient) ->
              TensorOperators.adamW(
                  parameters.get(name),
                  gradient,
                  firstMoments.get(name),
                  secondMoments.get(name),
                  hyper));
      gradients.zero();
      return norm;
    }
  }

  @Override
  public long steps() {
    return step;
  }

  @Override
  public Map<String, NDArray> state() {
    Map<String, NDArray> state = new LinkedHashMap<>();
    firstMoments.forEach((name, m) -> state.put("first." + name, m));
    secondMoments.forEach((name, v) -> state.put("second." + name, v));
    return state;
  }

  @Override
  public void restore(Map<String, NDArray> state, long steps) {
    Optimiser.copy(state, state());
    step = steps;
  }

  @Override
  public void close() {
    manager.close();
  }
}
