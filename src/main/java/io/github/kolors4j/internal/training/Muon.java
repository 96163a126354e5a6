package io.github.kolors4j.internal.training;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.internal.tensor.SideBySide;
import io.github.kolors4j.internal.tensor.TensorOperators;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Momentum whose update is made orthogonal, for matrices and convolutions inside a network; AdamW
 * for everything else: norms, biases, and the layers that a network begins and ends with.
 *
 * <p>All directions of a matrix learn at one rate then, where Adam follows the few that have large
 * gradients. Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks"; the
 * update is scaled to AdamW's usual size, so that rates are AdamW's (Liu et al. 2025, "Muon is
 * scalable for LLM training"). A convolution counts as the matrix (out, in · height · width).
 */
public final class Muon extends Optimizer {
  private static final double MOMENTUM = 0.95;

  /** Parts of the names of layers that pictures and latents go in and out by. */
  private static final List<String> BORDERS = List.of("conv_in", "conv_out", "quant_conv");

  private final AdamW.Settings settings;
  private final Map<String, NDArray> momenta = new LinkedHashMap<>();
  private final Map<String, AdamW.Moments> moments = new LinkedHashMap<>();

  /**
   * @param parameters by name; each is made to require a gradient
   * @param hidden names of the matrices and convolutions whose updates are made orthogonal
   * @param settings of AdamW, for the others; the weight decay is for all
   */
  public Muon(Map<String, NDArray> parameters, Set<String> hidden, AdamW.Settings settings) {
    super(parameters);
    this.settings = settings;
    parameters.forEach(
        (name, x) -> {
          if (hidden.contains(name)) {
            momenta.put(name, manager().zeros(x.getShape()));
          } else {
            moments.put(name, AdamW.Moments.zeros(x, manager()));
          }
        });
  }

  /**
   * For one of diffusers' networks: its matrices and convolutions are hidden but for those that
   * pictures and latents go in and out by.
   *
   * @param parameters by name; each is made to require a gradient
   * @param settings of AdamW, for the others; the weight decay is for all
   */
  public static Muon ofNetwork(Map<String, NDArray> parameters, AdamW.Settings settings) {
    return new Muon(parameters, hidden(parameters), settings);
  }

  private static Set<String> hidden(Map<String, NDArray> parameters) {
    Set<String> names = new LinkedHashSet<>();
    parameters.forEach(
        (name, x) -> {
          if (x.getShape().dimension() >= 2 && BORDERS.stream().noneMatch(name::contains)) {
            names.add(name);
          }
        });
    return names;
  }

  @Override
  void update(CollectedGradients gradients, double learningRate) {
    NDArray numbers = gradients.numbers(learningRate, MOMENTUM, settings.weightDecay());
    AdamW.Batch others = new AdamW.Batch();
    List<Runnable> matrices = new ArrayList<>(); // small products, which threads share badly
    gradients.forEach(
        (name, gradient) -> {
          NDArray momentum = momenta.get(name);
          if (momentum == null) {
            others.add(parameter(name), gradient, Objects.requireNonNull(moments.get(name)));
          } else {
            matrices.add(() -> TensorOperators.muon(parameter(name), gradient, momentum, numbers));
          }
        });
    SideBySide.runAll(matrices);
    others.update(settings.hyper(gradients, learningRate, steps()));
  }

  @Override
  public Map<String, NDArray> state() {
    Map<String, NDArray> state = new LinkedHashMap<>();
    momenta.forEach((name, momentum) -> state.put("momentum." + name, momentum));
    state.putAll(AdamW.Moments.state(moments));
    return state;
  }
}
