package io.github.kolors4j.internal.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.TensorOperators;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Adam that finds its own learning rate (Mishchenko and Defazio 2023, algorithm 4; {@code
 * prodigyopt}'s {@code Prodigy} with its defaults and decoupled weight decay).
 *
 * <p>It estimates d, how far the solution is from the start, from the gradients along the way, and
 * makes steps of d times the learning rate, which should therefore be 1. The estimate only grows.
 */
public final class Prodigy extends Optimizer {
  private static final double FIRST_DISTANCE = 1e-6;

  /** Places in {@link #estimate}. */
  private static final int DISTANCE = 0;

  private static final int LARGEST = 1;
  private static final int NUMERATOR = 2;

  private record Averages(NDArray start, NDArray m, NDArray v, NDArray s) {}

  private final Map<String, Averages> averages = new LinkedHashMap<>();
  private final AdamW.Settings settings;

  /** The distance d, the largest estimate of it, and the numerator of the last one: float64. */
  private final NDArray estimate;

  /**
   * @param parameters by name; each is made to require a gradient
   */
  public Prodigy(Map<String, NDArray> parameters, AdamW.Settings settings) {
    super(parameters);
    this.settings = settings;
    estimate = manager().create(new double[] {FIRST_DISTANCE, FIRST_DISTANCE, 0});
    parameters.forEach((name, parameter) -> averages.put(name, averages(parameter)));
  }

  private Averages averages(NDArray parameter) {
    Shape shape = parameter.getShape();
    try (Gradients off = Gradients.disable()) {
      NDArray start = parameter.duplicate();
      start.attach(manager());
      return new Averages(
          start, manager().zeros(shape), manager().zeros(shape), manager().zeros(shape));
    }
  }

  @Override
  void update(CollectedGradients gradients, double learningRate) {
    double[] last = estimate.toDoubleArray();
    double distance = last[DISTANCE];
    double rate = distance * learningRate;
    double beta3 = Math.sqrt(settings.beta2());
    double ratio = distance / FIRST_DISTANCE;
    NDArray rates =
        gradients.numbers(distance, ratio, rate, settings.beta1(), settings.beta2(), beta3);
    double[] sums = {beta3 * last[NUMERATOR], 0};
    gradients.forEach(
        (name, gradient) -> {
          double[] parts = estimate(name, gradient, rates);
          sums[0] += ratio * rate * parts[0];
          sums[1] += parts[1];
        });
    if (sums[1] != 0) { // otherwise every gradient was zero, and nothing is known
      move(gradients, distance(last, sums), rate);
    }
  }

  private double[] estimate(String name, NDArray gradient, NDArray rates) {
    Averages own = Objects.requireNonNull(averages.get(name), name);
    try (NDArray parts =
        TensorOperators.prodigyEstimate(
            parameter(name), gradient, own.start(), own.m(), own.v(), own.s(), rates)) {
      return parts.toDoubleArray();
    }
  }

  /** The new distance, which is kept for the next step. */
  private double distance(double[] last, double[] sums) {
    double found = sums[0] / sums[1];
    double largest = Math.max(last[LARGEST], found);
    try (NDArray now = manager().create(new double[] {largest, largest, sums[0]})) {
      TensorOperators.copy(now, estimate);
    }
    return largest;
  }

  /** The step itself is as long as the old distance says. */
  private void move(CollectedGradients gradients, double distance, double rate) {
    NDArray rates = gradients.numbers(distance * settings.epsilon(), rate, settings.weightDecay());
    gradients.forEach(
        (name, gradient) -> {
          Averages own = Objects.requireNonNull(averages.get(name), name);
          TensorOperators.prodigyStep(parameter(name), own.m(), own.v(), rates);
        });
  }

  /** How far the solution is from the start, as far as it is known: the learning rate's factor. */
  public double distance() {
    return estimate.toDoubleArray()[DISTANCE];
  }

  @Override
  public Map<String, NDArray> state() {
    Map<String, NDArray> state = new LinkedHashMap<>();
    state.put("estimate", estimate);
    averages.forEach(
        (name, own) -> {
          state.put("start." + name, own.start());
          state.put("first." + name, own.m());
          state.put("second." + name, own.v());
          state.put("sum." + name, own.s());
        });
    return state;
  }
}
