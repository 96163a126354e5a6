package io.github.kolors4j.concepts;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.tensor.TorchRandom;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A multilayer perceptron: linear layers with an activation between them, weights and biases drawn
 * as {@code torch.nn.Linear} draws them. Optionally it is told a time as well, as sines and
 * cosines, as Kolors' UNet is.
 *
 * <pre>{@code
 * try (var network = Perceptron.layers(2, 64, 64, 2).time(32).seed(1).build()) {
 *   NDArray epsilon = network.forward(x, timesteps);
 * }
 * }</pre>
 */
public final class Perceptron implements Trainable, AutoCloseable {

  /** What stands between two layers. */
  public enum Activation {
    SILU(TensorOperators::silu),
    TANH(NDArray::tanh),
    RELU(x -> x.getNDArrayInternal().relu());

    private final UnaryOperator<NDArray> function;

    Activation(UnaryOperator<NDArray> function) {
      this.function = function;
    }
  }

  /**
   * What a perceptron is made of.
   *
   * @param widths of the input, of each hidden layer and of the output
   * @param timeFeatures how many sines and cosines of the time are put beside the input; 0 for a
   *     network without time
   * @param activation between the layers
   * @param startsAtZero whether the last layer begins with zeros, so that the output does
   * @param seed of the first weights
   */
  public record Layers(
      int[] widths, int timeFeatures, Activation activation, boolean startsAtZero, long seed) {

    public Layers {
      if (widths.length < 2 || Arrays.stream(widths).anyMatch(width -> width < 1)) {
        throw new IllegalArgumentException(
            "A perceptron has the widths of its input, of its hidden layers and of its output, all"
                + " at least 1; not "
                + Arrays.toString(widths)
                + ".");
      }
      if (timeFeatures < 0 || timeFeatures % 2 != 0) {
        throw new IllegalArgumentException(
            "Time is told as pairs of a cosine and a sine, an even number of features; not "
                + timeFeatures
                + ".");
      }
      widths = widths.clone();
    }

    /** Told a time, as so many cosines and sines of it (an even number). */
    public Layers time(int features) {
      return new Layers(widths, features, activation, startsAtZero, seed);
    }

    /** With another activation than SiLU. */
    public Layers activation(Activation other) {
      return new Layers(widths, timeFeatures, other, startsAtZero, seed);
    }

    /** With zeros in the last layer, so that the network begins as "change nothing". */
    public Layers startingAtZero() {
      return new Layers(widths, timeFeatures, activation, true, seed);
    }

    /** With other first weights. */
    public Layers seed(long other) {
      return new Layers(widths, timeFeatures, activation, startsAtZero, other);
    }

    /** The network, which has to be closed. */
    public Perceptron build() {
      return new Perceptron(this);
    }
  }

  private final Layers layers;
  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final Map<String, NDArray> parameters = new LinkedHashMap<>();

  private Perceptron(Layers layers) {
    this.layers = layers;
    TorchRandom random = new TorchRandom(layers.seed());
    for (int i = 0; i < count(); i++) {
      int in = layers.widths()[i] + (i == 0 ? layers.timeFeatures() : 0);
      int out = layers.widths()[i + 1];
      double limit = layers.startsAtZero() && i == count() - 1 ? 0 : 1 / Math.sqrt(in);
      parameters.put(weight(i), uniform(random, limit, new Shape(out, in)));
      parameters.put(bias(i), uniform(random, limit, new Shape(out)));
    }
  }

  /** A perceptron of these widths, with SiLU, without time, seed 0. */
  public static Layers layers(int... widths) {
    return new Layers(widths, 0, Activation.SILU, false, 0);
  }

  private NDArray uniform(TorchRandom random, double limit, Shape shape) {
    float[] values = random.rand(shape.getShape());
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (limit * (2 * values[i] - 1));
    }
    return manager.create(values, shape);
  }

  /**
   * The output for each row.
   *
   * @param x (n, input)
   * @return (n, output), in {@code x}'s manager
   */
  public NDArray forward(NDArray x) {
    if (layers.timeFeatures() > 0) {
      throw new IllegalArgumentException("This perceptron is told a time: call forward(x, t).");
    }
    return through(x);
  }

  /**
   * The output for each row at its time.
   *
   * @param x (n, input)
   * @param timesteps (n), about 0 to 1000 as a diffusion model's: {@code cos(t · 10000^(-i/half))}
   *     and the sines
   * @return (n, output), in {@code x}'s manager
   */
  public NDArray forward(NDArray x, NDArray timesteps) {
    if (layers.timeFeatures() == 0) {
      throw new IllegalArgumentException(
          "This perceptron is told no time: make it with layers(…).time(32).");
    }
    NDArray time = TensorOperators.sinusoid(timesteps.flatten(), layers.timeFeatures());
    return through(x.concat(time, 1));
  }

  /** The output for each row, all at the same time. */
  public NDArray forward(NDArray x, double timestep) {
    float[] same = new float[Math.toIntExact(x.getShape().get(0))];
    Arrays.fill(same, (float) timestep);
    return forward(x, x.getManager().create(same));
  }

  private NDArray through(NDArray x) {
    NDArray hidden = x;
    for (int i = 0; i < count(); i++) {
      hidden = TensorOperators.linear(hidden, parameters.get(weight(i)), parameters.get(bias(i)));
      if (i < count() - 1) {
        hidden = layers.activation().function.apply(hidden);
      }
    }
    return hidden;
  }

  private int count() {
    return layers.widths().length - 1;
  }

  private static String weight(int layer) {
    return "layers." + layer + ".weight";
  }

  private static String bias(int layer) {
    return "layers." + layer + ".bias";
  }

  @Override
  public Map<String, NDArray> parameters() {
    return Collections.unmodifiableMap(parameters);
  }

  @Override
  public void close() {
    manager.close();
  }

  @Override
  public String toString() {
    String widths =
        IntStream.of(layers.widths()).mapToObj(Integer::toString).collect(Collectors.joining("→"));
    return "perceptron " + widths + ", " + parameterCount() + " parameters";
  }
}
