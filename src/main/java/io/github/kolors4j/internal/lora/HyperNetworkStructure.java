package io.github.kolors4j.internal.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.lora.LoraException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * How the small networks of a hypernetwork are built, by the rules of the Stable Diffusion web UI
 * ({@code modules/hypernetworks/hypernetwork.py}): linear layers whose widths are multiples of the
 * context's, each but the last with an activation, each with a layer norm if one is wanted, and
 * dropout before the last.
 *
 * @param multiples the widths from input to output, such as 1, 2, 1; both ends are 1
 * @param activation its name, such as {@code relu}; {@code linear} for none
 * @param layerNorm whether every linear layer is followed by a layer norm
 * @param dropouts the share of numbers dropped in training after each of the widths; 0 at both ends
 * @param activateOutput whether the last layer has the activation, too
 */
public record HyperNetworkStructure(
    List<Double> multiples,
    String activation,
    boolean layerNorm,
    List<Double> dropouts,
    boolean activateOutput) {
  private static final int MOST_LAYERS = 20;
  private static final double LARGEST_MULTIPLE = 64;

  /** The share that {@code use_dropout} drops. */
  private static final double USUAL_DROPOUT = 0.3;

  private static final Map<String, UnaryOperator<NDArray>> ACTIVATIONS = new LinkedHashMap<>();

  static {
    ACTIVATIONS.put("linear", x -> x);
    ACTIVATIONS.put("relu", Activation::relu);
    ACTIVATIONS.put("leakyrelu", x -> Activation.leakyRelu(x, 0.01f));
    ACTIVATIONS.put("elu", x -> Activation.elu(x, 1));
    // The web UI's "swish" is torch's Hardswish.
    ACTIVATIONS.put("swish", TensorOperators::hardSwish);
    ACTIVATIONS.put("hardswish", TensorOperators::hardSwish);
    ACTIVATIONS.put("tanh", Activation::tanh);
    ACTIVATIONS.put("sigmoid", Activation::sigmoid);
    ACTIVATIONS.put("silu", x -> x.mul(Activation.sigmoid(x)));
    ACTIVATIONS.put("gelu", Activation::gelu);
    ACTIVATIONS.put("selu", Activation::selu);
    ACTIVATIONS.put("softplus", Activation::softPlus);
    ACTIVATIONS.put("softsign", Activation::softSign);
    ACTIVATIONS.put("mish", x -> x.mul(Activation.softPlus(x).tanh()));
  }

  /**
   * @throws LoraException if it is no structure that can be built
   */
  public HyperNetworkStructure {
    multiples = List.copyOf(multiples);
    dropouts = List.copyOf(dropouts);
    int count = multiples.size();
    if (count < 2
        || count > MOST_LAYERS
        || multiples.get(0) != 1
        || multiples.get(count - 1) != 1) {
      throw new LoraException(
          "A hypernetwork's layer structure begins and ends with 1, such as [1, 2, 1], and has 2 to %d numbers; got %s."
              .formatted(MOST_LAYERS, multiples));
    }
    if (multiples.stream().anyMatch(m -> !(m > 0 && m <= LARGEST_MULTIPLE))) {
      throw new LoraException(
          "A hypernetwork's layers are above 0 and at most %s times as wide as the context; got %s."
              .formatted(LARGEST_MULTIPLE, multiples));
    }
    if (!ACTIVATIONS.containsKey(activation)) {
      throw new LoraException(
          "A hypernetwork's activation is one of %s, not '%s'."
              .formatted(String.join(", ", ACTIVATIONS.keySet()), activation));
    }
    if (dropouts.size() != count
        || dropouts.get(0) != 0
        || dropouts.get(count - 1) != 0
        || dropouts.stream().anyMatch(p -> !(p >= 0 && p < 1))) {
      throw new LoraException(
          "A hypernetwork's dropouts are one share from 0 to 1 for each of the %d numbers of its layer structure, with 0 at both ends; got %s."
              .formatted(count, dropouts));
    }
  }

  /**
   * The dropouts that {@code use_dropout} means.
   *
   * @param layers how many numbers the layer structure has
   * @param last whether the layer before the last has one, too
   */
  public static List<Double> dropouts(int layers, boolean use, boolean last) {
    List<Double> shares = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      boolean within = i > 0 && i < layers - 2;
      boolean beforeLast = last && i > 0 && i == layers - 2;
      shares.add(use && (within || beforeLast) ? USUAL_DROPOUT : 0.0);
    }
    return shares;
  }

  /** Whether numbers are dropped anywhere. */
  public boolean drops() {
    return dropouts.stream().anyMatch(share -> share > 0);
  }

  /** The widths of the layers for a context's width, as Python's {@code int} rounds them. */
  List<Integer> widths(int context) {
    return multiples.stream().map(multiple -> (int) (context * multiple)).toList();
  }

  NDArray activate(NDArray x) {
    return ACTIVATIONS.getOrDefault(activation, UnaryOperator.identity()).apply(x);
  }

  /** One place in torch's {@code Sequential}. */
  sealed interface Place {}

  /** A linear layer. */
  record LinearPlace(int index, int in, int out) implements Place {}

  /** The activation, which has no weights. */
  record ActivationPlace() implements Place {}

  /** A layer norm. */
  record NormPlace(int index, int width) implements Place {}

  /** Dropout, which has no weights and works in training only. */
  record DropoutPlace(int index, double share) implements Place {}

  /** What a small network is made of, in order. The index is that of the weights' names. */
  List<Place> places(int context) {
    List<Integer> widths = widths(context);
    int linears = multiples.size() - 1;
    List<Place> places = new ArrayList<>();
    IntStream.range(0, linears)
        .forEach(
            i -> {
              places.add(new LinearPlace(places.size(), widths.get(i), widths.get(i + 1)));
              if (!activation.equals("linear") && (i < linears - 1 || activateOutput)) {
                places.add(new ActivationPlace());
              }
              if (layerNorm) {
                places.add(new NormPlace(places.size(), widths.get(i + 1)));
              }
              if (dropouts.get(i + 1) > 0) {
                places.add(new DropoutPlace(places.size(), dropouts.get(i + 1)));
              }
            });
    return places;
  }
}
