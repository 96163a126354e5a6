package io.github.kolors4j.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.tensor.Gradients;
import io.github.kolors4j.tensor.Operators;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2017), step for step as {@code
 * torch.optim.AdamW}.
 *
 * <p>It owns the running averages of each parameter's gradient and squared gradient; the parameters
 * belong to the caller.
 */
public final class AdamW implements AutoCloseable {
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

  /**
   * Changes every parameter by its summed-up gradient, then sets the gradients to zero.
   *
   * @param learningRate of this step
   * @param maxNorm limit of the norm of all gradients together; infinite for no clipping
   * @return the norm before clipping; NaN if it was not asked for
   */
  public double step(double learningRate, double maxNorm) {
    step++;
    try (NDManager scope = manager.newSubManager();
        Gradients off = Gradients.disable()) {
      Map<String, NDArray> gradients = new LinkedHashMap<>();
      parameters.forEach(
          (name, parameter) -> {
            NDArray gradient = Gradients.of(parameter);
            if (gradient != null) { // torch leaves alone what no backward pass has reached
              gradient.attach(scope);
              gradients.put(name, gradient);
            }
          });
      double norm =
          Double.isInfinite(maxNorm) ? Double.NaN : Operators.clipNorm(gradients.values(), maxNorm);
      // On the CPU: the program reads these numbers, and those of a GPU would have to be waited
      // for.
      NDArray hyper =
          scope
              .newSubManager(Device.cpu())
              .create(
                  new double[] {
                    learningRate,
                    settings.beta1(),
                    settings.beta2(),
                    settings.epsilon(),
                    settings.weightDecay(),
                    step
                  });
      gradients.forEach(
          (name, gradient) -> {
            gradient.setName(null);
            Operators.adamW(
                parameters.get(name),
                gradient,
                firstMoments.get(name),
                secondMoments.get(name),
                hyper);
            Operators.zero(gradient);
          });
      return norm;
    }
  }

  /** How many steps were made. */
  public long steps() {
    return step;
  }

  /** The state that an exact resume needs, by name: live arrays, not copies. */
  public Map<String, NDArray> state() {
    Map<String, NDArray> state = new LinkedHashMap<>();
    firstMoments.forEach((name, m) -> state.put("first." + name, m));
    secondMoments.forEach((name, v) -> state.put("second." + name, v));
    return state;
  }

  /** Returns to a state that {@link #state} and {@link #steps} gave. */
  public void restore(Map<String, NDArray> state, long steps) {
    state()
        .forEach(
            (name, array) -> {
              NDArray saved = state.get(name);
              if (saved == null || !saved.getShape().equals(array.getShape())) {
                throw new IllegalArgumentException(
                    "The saved training state has no fitting \""
                        + name
                        + "\": it belongs to a run with other layers or another rank.");
              }
              saved.copyTo(array);
            });
    step = steps;
  }

  @Override
  public void close() {
    manager.close();
  }
}
