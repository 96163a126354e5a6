package io.github.kolors4j.internal.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.lora.HyperNetworkStructure.ActivationPlace;
import io.github.kolors4j.internal.lora.HyperNetworkStructure.DropoutPlace;
import io.github.kolors4j.internal.lora.HyperNetworkStructure.LinearPlace;
import io.github.kolors4j.internal.lora.HyperNetworkStructure.NormPlace;
import io.github.kolors4j.internal.lora.HyperNetworkStructure.Place;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.tensor.TorchRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * One small network of a hypernetwork: {@code x + strength · f(x)}.
 *
 * @param context the width of x
 * @param weights under the web UI's names, such as {@code linear.0.weight}; float32
 */
record HyperNetworkModule(
    HyperNetworkStructure structure, int context, Map<String, NDArray> weights) {
  private static final double DEVIATION = 0.01;

  /** torch's. */
  private static final double NORM_EPSILON = 1e-5;

  /** A new one: weights from N(0, 0.01), layer norms' included, as the original has it. */
  static HyperNetworkModule normal(
      HyperNetworkStructure structure, int context, TorchRandom random, NDManager manager) {
    Map<String, NDArray> weights = new LinkedHashMap<>();
    shapes(structure, context)
        .forEach(
            (name, shape) ->
                weights.put(
                    name,
                    name.endsWith("bias")
                        ? manager.zeros(shape)
                        : random.randn(manager, shape).muli(DEVIATION)));
    return new HyperNetworkModule(structure, context, weights);
  }

  /** What its weights are called, and their shapes. */
  static Map<String, Shape> shapes(HyperNetworkStructure structure, int context) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (Place place : structure.places(context)) {
      if (place instanceof LinearPlace linear) {
        shapes.put(name(linear.index(), "weight"), new Shape(linear.out(), linear.in()));
        shapes.put(name(linear.index(), "bias"), new Shape(linear.out()));
      } else if (place instanceof NormPlace norm) {
        shapes.put(name(norm.index(), "weight"), new Shape(norm.width()));
        shapes.put(name(norm.index(), "bias"), new Shape(norm.width()));
      }
    }
    return shapes;
  }

  private static String name(int index, String what) {
    return "linear." + index + "." + what;
  }

  private NDArray weight(int index, String what) {
    return Objects.requireNonNull(weights.get(name(index, what)));
  }

  /** The same with other arrays. */
  HyperNetworkModule with(UnaryOperator<String> names, Map<String, NDArray> values) {
    Map<String, NDArray> others = new LinkedHashMap<>();
    weights
        .keySet()
        .forEach(
            name -> others.put(name, Objects.requireNonNull(values.get(names.apply(name)), name)));
    return new HyperNetworkModule(structure, context, others);
  }

  /**
   * @param x (batch, length, context), of any type
   * @param at tells this use of the network from those in other layers, for dropout
   */
  NDArray forward(NDArray x, double strength, Dropout dropout, long at) {
    NDArray h = x;
    for (Place place : structure.places(context)) {
      if (place instanceof LinearPlace linear) {
        int index = linear.index();
        h = TensorOperators.linear(h, weight(index, "weight"), weight(index, "bias"));
      } else if (place instanceof NormPlace norm) {
        int index = norm.index();
        h =
            TensorOperators.layerNorm(
                h, weight(index, "weight"), weight(index, "bias"), NORM_EPSILON);
      } else if (place instanceof DropoutPlace drop) {
        h = dropout.apply(h, drop.share(), at * 64 + drop.index());
      } else if (place instanceof ActivationPlace) {
        h = structure.activate(h);
      }
    }
    return x.add(strength == 1 ? h : TensorOperators.scale(h, strength));
  }
}
