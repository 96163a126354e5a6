package io.github.kolors4j.internal.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.tensor.TensorOperators;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2017), step for step as {@code
 * torch.optim.AdamW}.
 */
public final class AdamW extends Optimizer {
  private final Settings settings;
  private final Map<String, Moments> moments = new LinkedHashMap<>();

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

  /** Parameters that are changed together, each with what belongs to it at the same place. */
  static final class Batch {
    private final List<NDArray> parameters = new ArrayList<>();
    private final List<NDArray> gradients = new ArrayList<>();
    private final List<NDArray> first = new ArrayList<>();
    private final List<NDArray> second = new ArrayList<>();

    void add(NDArray parameter, NDArray gradient, Moments moments) {
      parameters.add(parameter);
      gradients.add(gradient);
      first.add(moments.first);
      second.add(moments.second);
    }

    void update(NDArray hyper) {
      if (!parameters.isEmpty()) {
        TensorOperators.adamW(parameters, gradients, first, second, hyper);
      }
    }
  }

  /** The running averages of a parameter's gradient and squared gradient. */
  record Moments(NDArray first, NDArray second) {
    static Moments zeros(NDArray parameter, NDManager manager) {
      return new Moments(manager.zeros(parameter.getShape()), manager.zeros(parameter.getShape()));
    }

    static Map<String, NDArray> state(Map<String, Moments> moments) {
      Map<String, NDArray> state = new LinkedHashMap<>();
      moments.forEach((name, own) -> state.put("first." + name, own.first));
      moments.forEach((name, own) -> state.put("second." + name, own.second));
      return state;
    }
  }

  /**
   * @param parameters by name; each is made to require a gradient
   */
  public AdamW(Map<String, NDArray> parameters, Settings settings) {
    super(parameters);
    this.settings = settings;
    parameters.forEach((name, x) -> moments.put(name, Moments.zeros(x, manager())));
  }

  @Override
  void update(CollectedGradients gradients, double learningRate) {
    Batch all = new Batch();
    gradients.forEach(
        (name, gradient) ->
            all.add(parameter(name), gradient, Objects.requireNonNull(moments.get(name))));
    all.update(settings.hyper(gradients, learningRate, steps()));
  }

  @Override
  public Map<String, NDArray> state() {
    return Moments.state(moments);
  }
}
