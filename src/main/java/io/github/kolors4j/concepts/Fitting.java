package io.github.kolors4j.concepts;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.StoppedException;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.internal.training.AdamW;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * The training loop: in each step a loss is computed from a fresh batch, and AdamW changes the
 * networks by its gradient. Immutable; the options return a changed copy.
 *
 * <pre>{@code
 * Losses losses = Fitting.named("去噪 (denoiser)").steps(2000).batch(256).learningRate(2e-3).seed(0)
 *     .minimise(step -> {
 *       NDArray x = step.draw(data);
 *       return TensorOperators.meanSquaredError(network.forward(x), x);
 *     }, network)
 *     .run();
 * }</pre>
 *
 * Two calls of {@link #minimise} are two players who take turns in each step, each with its own
 * networks and its own loss, as a GAN's.
 *
 * <p>In a loss, {@code NDArray.mul}, {@code div} and {@code pow} with numbers must not be used, see
 * {@link TensorOperators#scale}.
 */
public final class Fitting {
  private record Player(Function<Step, NDArray> loss, List<Trainable> networks) {}

  private final String name;
  private final int steps;
  private final int batch;
  private final double learningRate;
  private final double momentum;
  private final double maxNorm;
  private final long seed;
  private final List<Player> players;

  private Fitting(
      String name,
      int steps,
      int batch,
      double learningRate,
      double momentum,
      double maxNorm,
      long seed,
      List<Player> players) {
    this.name = name;
    this.steps = steps;
    this.batch = batch;
    this.learningRate = learningRate;
    this.momentum = momentum;
    this.maxNorm = maxNorm;
    this.seed = seed;
    this.players = players;
  }

  /**
   * 1,000 steps of 256 points, learning rate 1e-3 to begin with, seed 0; AdamW without weight
   * decay.
   */
  public static Fitting named(String name) {
    return new Fitting(name, 1000, 256, 1e-3, 0.9, Double.POSITIVE_INFINITY, 0, List.of());
  }

  /** How often the networks are changed. */
  public Fitting steps(int count) {
    return new Fitting(name, count, batch, learningRate, momentum, maxNorm, seed, players);
  }

  /** How many points, or pictures, each step draws. */
  public Fitting batch(int size) {
    return new Fitting(name, steps, size, learningRate, momentum, maxNorm, seed, players);
  }

  /** The learning rate at the beginning; it falls to 0 along a cosine (arXiv:1608.03983). */
  public Fitting learningRate(double rate) {
    return new Fitting(name, steps, batch, rate, momentum, maxNorm, seed, players);
  }

  /** AdamW's beta 1: how long it remembers the gradients' direction, 0.9 to begin with. */
  public Fitting momentum(double beta1) {
    return new Fitting(name, steps, batch, learningRate, beta1, maxNorm, seed, players);
  }

  /** Gradients longer than this, all of a player's together, are cut to it; not at all at first. */
  public Fitting clip(double norm) {
    return new Fitting(name, steps, batch, learningRate, momentum, norm, seed, players);
  }

  /** What all random numbers of the steps are drawn from. */
  public Fitting seed(long newSeed) {
    return new Fitting(name, steps, batch, learningRate, momentum, maxNorm, newSeed, players);
  }

  /**
   * With a loss, one number, and the networks that are to make it smaller; what else it is computed
   * from stays as it is.
   */
  public Fitting minimise(Function<Step, NDArray> loss, Trainable... networks) {
    List<Player> all = new ArrayList<>(players);
    all.add(new Player(loss, List.of(networks)));
    return new Fitting(name, steps, batch, learningRate, momentum, maxNorm, seed, List.copyOf(all));
  }

  /**
   * One step of a training: what a loss draws from. Arrays live until the step ends.
   *
   * @param number of the step, from 0
   * @param batch how many points to draw
   * @param manager the owner of the step's arrays
   * @param random where the step's numbers come from
   */
  public record Step(int number, int batch, NDManager manager, TorchRandom random) {

    /** Points of the cloud, drawn with replacement: (batch, 2). */
    public NDArray draw(Points points) {
      long[] chosen = random.randint(0, points.size(), batch);
      float[] values = new float[2 * batch];
      for (int i = 0; i < batch; i++) {
        values[2 * i] = points.x((int) chosen[i]);
        values[2 * i + 1] = points.y((int) chosen[i]);
      }
      return manager.create(values, new Shape(batch, 2));
    }

    /** Standard normal numbers, float32. */
    public NDArray normal(long... shape) {
      return random.randn(manager, new Shape(shape));
    }

    /** Numbers evenly spread over [0, 1), float32. */
    public NDArray uniform(long... shape) {
      return random.rand(manager, new Shape(shape));
    }

    /** Whole numbers evenly spread over [0, limit), one for each point of the batch. */
    public int[] below(int limit) {
      long[] numbers = random.randint(0, limit, batch);
      int[] result = new int[batch];
      for (int i = 0; i < batch; i++) {
        result[i] = (int) numbers[i];
      }
      return result;
    }

    /** Whole numbers as float32 of shape (n), for instance timesteps for a network. */
    public NDArray array(int... numbers) {
      float[] values = new float[numbers.length];
      for (int i = 0; i < numbers.length; i++) {
        values[i] = numbers[i];
      }
      return manager.create(values);
    }
  }

  /**
   * Trains, until the steps are made or a person stops it.
   *
   * @return each player's loss at each step that was made
   * @throws StoppedException if it was stopped before its first step
   * @throws IllegalStateException if a loss is not finite: the training has diverged
   */
  public Losses run() {
    if (players.isEmpty()) {
      throw new IllegalStateException(
          "Nothing to fit: call minimise(loss, networks) before run().");
    }
    List<AdamW> optimizers = players.stream().map(this::optimizer).toList();
    double[][] losses = new double[players.size()][steps];
    TorchRandom random = new TorchRandom(seed);
    long begin = System.nanoTime();
    try (Work work = Work.begin(name, "steps", steps);
        NDManager owner = PyTorch.manager(Device.cpu())) {
      for (int i = 0; i < steps; i++) {
        if (work.stopRequested()) {
          return losses(losses, i, begin);
        }
        double rate = learningRate * (1 + Math.cos(Math.PI * i / steps)) / 2;
        try (NDManager manager = owner.newSubManager()) {
          Step step = new Step(i, batch, manager, random);
          for (int p = 0; p < players.size(); p++) {
            losses[p][i] = change(players.get(p), optimizers.get(p), step, rate);
          }
        }
        work.advanceTo(i + 1, String.format(Locale.ROOT, "loss %.4f", losses[0][i]));
      }
    } finally {
      optimizers.forEach(AdamW::close);
    }
    return losses(losses, steps, begin);
  }

  /** Of the steps that were made: a person may have stopped the training. */
  private Losses losses(double[][] all, int made, long begin) {
    if (made == 0) {
      throw new StoppedException(
          "The training of \"" + name + "\" was stopped before its first step.");
    }
    double[][] values =
        Arrays.stream(all).map(of -> Arrays.copyOf(of, made)).toArray(double[][]::new);
    return new Losses(name, values, (System.nanoTime() - begin) / 1e9);
  }

  private AdamW optimizer(Player player) {
    return new AdamW(named(player.networks()), new AdamW.Settings(momentum, 0.999, 1e-8, 0));
  }

  private static Map<String, NDArray> named(List<Trainable> networks) {
    Map<String, NDArray> all = new LinkedHashMap<>();
    for (int i = 0; i < networks.size(); i++) {
      String prefix = i + ".";
      networks.get(i).parameters().forEach((key, array) -> all.put(prefix + key, array));
    }
    return all;
  }

  private double change(Player player, AdamW optimizer, Step step, double rate) {
    if (players.size() > 1) {
      forget(player); // the other player's loss left gradients here
    }
    double value;
    try (Gradients recording = Gradients.enable()) {
      NDArray loss = player.loss().apply(step);
      value = loss.getFloat();
      if (!Double.isFinite(value)) {
        throw new IllegalStateException(
            "The loss of \"%s\" is %s in step %d: the training has diverged. A smaller learning rate (now %s) helps."
                .formatted(name, value, step.number(), learningRate));
      }
      Gradients.backward(loss);
    }
    optimizer.step(rate, maxNorm);
    return value;
  }

  private static void forget(Player player) {
    for (Trainable network : player.networks()) {
      for (NDArray parameter : network.parameters().values()) {
        NDArray gradient = Gradients.of(parameter);
        if (gradient != null) {
          TensorOperators.zero(List.of(gradient));
          gradient.close();
        }
      }
    }
  }
}
