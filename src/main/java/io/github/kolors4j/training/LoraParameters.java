package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.NearestName;
import io.github.kolors4j.internal.lora.LoraLayer;
import io.github.kolors4j.internal.lora.LoraWeights;
import io.github.kolors4j.internal.model.AdaptableLayer;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.tensor.TorchRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** The matrices that a LoRA training starts from, and their names as parameters. */
final class LoraParameters {
  private LoraParameters() {}

  /**
   * What a new adapter is like.
   *
   * @param rank rows between the two matrices of a layer
   * @param alpha the product of the matrices counts alpha / rank times
   * @param dora whether the lengths of the weights' rows are trained, too
   * @param asInTheCourse whether random numbers are drawn in the order of the course's trainer
   */
  record Kind(int rank, double alpha, boolean dora, boolean asInTheCourse) {}

  /**
   * A new adapter, as peft's {@code init_lora_weights="gaussian"} makes it: the down matrices drawn
   * from a normal distribution of standard deviation 1 / rank, the up matrices zero, and DoRA's
   * magnitudes the lengths that the weights' rows have, so that nothing changes at first.
   *
   * @param layers the network's linear layers and convolutions by published name
   * @param otherName another name of a layer, by which it may be a target as well
   * @param targets ends of layer names, such as {@code to_q} or {@code to_out}
   * @throws TrainingException if one of the targets is no layer's name
   */
  static LoraWeights gaussian(
      Map<String, ? extends AdaptableLayer> layers,
      UnaryOperator<String> otherName,
      List<String> targets,
      Kind kind,
      TorchRandom random,
      NDManager manager) {
    Map<String, LoraLayer> made = new LinkedHashMap<>();
    for (String name : targeted(layers.keySet(), otherName, targets)) {
      AdaptableLayer layer = Objects.requireNonNull(layers.get(name), name);
      made.put(name, gaussian(layer.weight(), kind, random, manager));
    }
    return new LoraWeights(made);
  }

  private static LoraLayer gaussian(
      NDArray weight, Kind kind, TorchRandom random, NDManager manager) {
    Shape shape = weight.getShape();
    Shape down = new Shape(kind.rank()).addAll(shape.slice(1));
    Shape upShape =
        shape.dimension() == 2
            ? new Shape(shape.get(0), kind.rank())
            : new Shape(shape.get(0), kind.rank(), 1, 1);
    if (kind.asInTheCourse()) {
      // peft makes two torch.nn.Linear or Conv2d, which draw values of their own, before it draws
      // these.
      random.rand(down.getShape());
      random.rand(upShape.getShape());
    }
    float[] values = random.randn(down.getShape());
    for (int i = 0; i < values.length; i++) {
      values[i] /= kind.rank();
    }
    NDArray up = manager.zeros(upShape);
    LoraLayer layer = new LoraLayer(manager.create(values, down), up).withAlpha(kind.alpha());
    if (!kind.dora()) {
      return layer;
    }
    try (NDArray norms = TensorOperators.rowNorms(weight)) {
      // A copy, since PyTorch trains nothing that was computed while it recorded nothing.
      NDArray lengths = norms.duplicate();
      lengths.attach(manager);
      return layer.withMagnitude(lengths);
    }
  }

  /**
   * The layers of which one of the names ends in one of the targets.
   *
   * @throws TrainingException if one of the targets is no layer's name
   */
  static Set<String> targeted(
      Set<String> layers, UnaryOperator<String> otherName, List<String> targets) {
    Set<String> found = new LinkedHashSet<>();
    Set<String> unmatched = new TreeSet<>(targets);
    for (String name : layers) {
      String other = otherName.apply(name);
      for (String target : targets) {
        if (endsIn(name, target) || endsIn(other, target)) {
          found.add(name);
          unmatched.remove(target);
        }
      }
    }
    if (!unmatched.isEmpty()) {
      String wrong = unmatched.iterator().next();
      throw new TrainingException(
          "No linear layer and no convolution of this network is called '%s'; the nearest name is '%s'. LoRA is usually put on to_q, to_k, to_v and to_out, in a text encoder on query_key_value."
              .formatted(wrong, NearestName.of(wrong, endings(layers))));
    }
    return found;
  }

  private static boolean endsIn(String name, String target) {
    return name.equals(target) || name.endsWith("." + target);
  }

  private static Set<String> endings(Set<String> names) {
    Set<String> endings = new TreeSet<>();
    for (String name : names) {
      List<String> parts = new ArrayList<>(List.of(name.split("\\.")));
      String last = parts.remove(parts.size() - 1);
      endings.add(last.matches("\\d+") ? parts.get(parts.size() - 1) + "." + last : last);
    }
    return endings;
  }

  /** The matrices by peft's parameter names, as an optimizer takes them: live, not copies. */
  static Map<String, NDArray> parameters(LoraWeights weights) {
    Map<String, NDArray> parameters = new LinkedHashMap<>();
    weights
        .layers()
        .forEach(
            (name, layer) -> {
              parameters.put(name + ".lora_A", layer.down());
              parameters.put(name + ".lora_B", layer.up());
              if (layer.magnitude() != null) {
                parameters.put(name + ".lora_magnitude_vector", layer.magnitude());
              }
            });
    return parameters;
  }

  /** The same adapter with other matrices, under the names that {@link #parameters} gives them. */
  static LoraWeights with(LoraWeights weights, Map<String, NDArray> values) {
    Map<String, LoraLayer> layers = new LinkedHashMap<>();
    weights
        .layers()
        .forEach(
            (name, layer) ->
                layers.put(
                    name,
                    layer.withMatrices(
                        Objects.requireNonNull(values.get(name + ".lora_A")),
                        Objects.requireNonNull(values.get(name + ".lora_B")),
                        values.get(name + ".lora_magnitude_vector"))));
    return new LoraWeights(layers);
  }
}
