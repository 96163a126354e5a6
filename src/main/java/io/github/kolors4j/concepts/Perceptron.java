package io.github.kolors4j.concepts;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.tensor.TorchRandom;
import java.util.Arrays;
import java.util.Map;
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
    SILU,
    TANH,
    RELU
  }

  /**
   * What a perceptron is made of.
   *
   * @param widths of the input, of each hidden layer and of the output
   * @param waves how many frequencies of sines and cosines of each coordinate are put beside the
   *     input, which let a small network draw fine lines (arXiv:2006.10739); 0 for none
   * @param timeFeatures how many sines and cosines of the time are put beside the input; 0 for a
   *     network without time
   * @param activation between the layers
   * @param startsAtZero whether the last layer begins with zeros, so that the output does
   * @param seed of the first weights
   */
  public record Layers(
      int[] widths,
      int waves,
      int timeFeatures,
      Activation activation,
      boolean startsAtZero,
      long seed) {

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
      if (waves < 0 || waves > 16) {
        throw new IllegalArgumentException("A perceptron has 0 to 16 waves, not " + waves + ".");
      }
      widths = widths.clone();
    }

    /** Told so many frequencies of sines and cosines of each coordinate: 3 suit {@link Points}. */
    public Layers waves(int frequencies) {
      return new Layers(widths, frequencies, timeFeatures, activation, startsAtZero, seed);
    }

    /** Told a time, as so many cosines and sines of it (an even number). */
    public Layers time(int features) {
      return new Layers(widths, waves, features, activation, startsAtZero, seed);
    }

    /** With another activation than SiLU. */
    public Layers activation(Activation other) {
      return new Layers(widths, waves, timeFeatures, other, startsAtZero, seed);
    }

    /** With zeros in the last layer, so that the network begins as "change nothing". */
    public Layers startingAtZero() {
      return new Layers(widths, waves, timeFeatures, activation, true, seed);
    }

    /** With other first weights. */
    public Layers seed(long other) {
      return new Layers(widths, waves, timeFeatures, activation, startsAtZero, other);
    }

    /** The network, which has to be closed. */
    public Perceptron build() {
      return new Perceptron(this);
    }
  }

  /**
   * The fastest cosine of the time turns once in 126 timesteps: faster ones would be noise to a
   * network as small as these.
   */
  private static final double TIME_SCALE = 0.05;

  private final Layers layers;
  private final NDManager manager = PyTorch.manager(Device.cpu());

  /** With the waves and the time's features beside the input. */
  private final NDArray widths;

  /** Weights and biases of all layers in one row: a training step changes one array. */
  private final NDArray parameters;

  private Perceptron(Layers layers) {
    this.layers = layers;
    long[] all = Arrays.stream(layers.widths()).asLongStream().toArray();
    all[0] = all[0] * (1 + 2 * layers.waves()) + layers.timeFeatures();
    widths = manager.create(all);
    parameters = manager.create(firstParameters(all, layers));
  }

  private static float[] firstParameters(long[] widths, Layers layers) {
    TorchRandom random = new TorchRandom(layers.seed());
    int size = 0;
    for (int i = 1; i < widths.length; i++) {
      size += (int) ((widths[i - 1] + 1) * widths[i]);
    }
    float[] values = new float[size];
    int start = 0;
    for (int i = 1; i < widths.length; i++) {
      int count = (int) ((widths[i - 1] + 1) * widths[i]);
      boolean zeros = layers.startsAtZero() && i == widths.length - 1;
      float limit = zeros ? 0 : (float) (1 / Math.sqrt(widths[i - 1]));
      for (float share : random.rand(count)) {
        values[start++] = limit * (2 * share - 1);
      }
    }
    return values;
  }

  /** A perceptron of these widths, with SiLU, without time, seed 0. */
  public static Layers layers(int... widths) {
    return new Layers(widths, 0, 0, Activation.SILU, false, 0);
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
    return through(waves(x));
  }

  private NDArray waves(NDArray x) {
    return layers.waves() == 0 ? x : TensorOperators.waves(x, layers.waves());
  }

  /**
   * The output for each row at its time.
   *
   * @param x (n, input)
   * @param timesteps (n) or (n, 1), from 0 to about 1000 as a diffusion model's
   * @return (n, output), in {@code x}'s manager
   */
  public NDArray forward(NDArray x, NDArray timesteps) {
    if (layers.timeFeatures() == 0) {
      throw new IllegalArgumentException(
          "This perceptron is told no time: make it with layers(…).time(32).");
    }
    NDArray slow = TensorOperators.scale(timesteps.flatten(), TIME_SCALE);
    NDArray time = TensorOperators.sinusoid(slow, layers.timeFeatures());
    return through(waves(x).concat(time, 1));
  }

  /** The output for each row, all at the same time. */
  public NDArray forward(NDArray x, double timestep) {
    float[] same = new float[Math.toIntExact(x.getShape().get(0))];
    Arrays.fill(same, (float) timestep);
    return forward(x, x.getManager().create(same));
  }

  private NDArray through(NDArray x) {
    return TensorOperators.perceptron(x, parameters, widths, layers.activation().ordinal());
  }

  @Override
  public Map<String, NDArray> parameters() {
    return Map.of("perceptron", parameters);
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
