package io.github.kolors4j.concepts;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.tensor.Scope;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.scheduler.NoiseSchedule;
import io.github.kolors4j.scheduler.SchedulerConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * The way from data to noise: a Markov chain whose every link takes away a little of the picture
 * and adds a little noise (Ho et al. 2020, arXiv:2006.11239, section 2). The numbers are those of
 * the {@link NoiseSchedule} by which Kolors was trained and is sampled.
 *
 * <p>Timesteps count from 0 as in diffusers: timestep {@code t} is the paper's {@code t + 1}, and
 * has {@code t + 1} links behind it. Timestep -1 stands for the data themselves.
 *
 * @param schedule how much is left of the picture at each timestep
 */
public record ForwardProcess(NoiseSchedule schedule) {

  /** The process that a sampler's configuration describes. */
  public static ForwardProcess of(SchedulerConfig config) {
    return new ForwardProcess(new NoiseSchedule(config));
  }

  /** How many links the chain has. */
  public int timesteps() {
    return schedule.numTrainTimesteps();
  }

  /** ᾱ: the share of the variance that is still the data's, 1 for timestep -1. */
  public double alphaCumprod(int timestep) {
    requireTimestep(timestep, -1);
    return timestep == -1 ? 1 : schedule.alphaCumprod(timestep);
  }

  /** β: the variance of the noise that the last link to this timestep adds, in (0, 1). */
  public double beta(int timestep) {
    requireTimestep(timestep, 0);
    return 1 - alphaCumprod(timestep) / alphaCumprod(timestep - 1);
  }

  /** ᾱ / (1 - ᾱ): how much stronger the picture is than the noise. */
  public double signalToNoise(int timestep) {
    requireTimestep(timestep, 0);
    return alphaCumprod(timestep) / (1 - alphaCumprod(timestep));
  }

  /**
   * One link, q(x_t | x_{t-1}): {@code √(1-β) x + √β ε}.
   *
   * @param x at the timestep before, any shape
   * @param epsilon standard normal numbers of the same shape
   * @return in {@code x}'s manager
   */
  public NDArray link(NDArray x, NDArray epsilon, int timestep) {
    double beta = beta(timestep);
    try (Scope scope = new Scope(x, epsilon)) {
      NDManager manager = scope.manager();
      NDArray keep = manager.create((float) Math.sqrt(1 - beta));
      NDArray add = manager.create((float) Math.sqrt(beta));
      return scope.result(x.mul(keep).add(epsilon.mul(add)));
    }
  }

  /**
   * Points taken along the chain, link by link.
   *
   * @return the points at timestep -1 (the data), 0, 1 … {@code until}: {@code until + 2} clouds
   */
  public List<Points> chain(Points data, int until, long seed) {
    requireTimestep(until, -1);
    TorchRandom random = new TorchRandom(seed);
    List<Points> clouds = new ArrayList<>(List.of(data));
    try (NDManager manager = PyTorch.manager(Device.cpu())) {
      Shape shape = new Shape(data.size(), 2);
      NDArray x = data.toArray(manager);
      for (int t = 0; t <= until; t++) {
        try (NDArray before = x;
            NDArray epsilon = random.randn(manager, shape)) {
          x = link(before, epsilon, t);
        }
        clouds.add(Points.of(x));
      }
    }
    return clouds;
  }

  /** Points at a timestep by the closed form, in one step: {@code √ᾱ x_0 + √(1-ᾱ) ε}. */
  public Points jump(Points data, int timestep, long seed) {
    requireTimestep(timestep, 0);
    TorchRandom random = new TorchRandom(seed);
    return data.through(
        x -> schedule.addNoise(x, random.randn(x.getManager(), x.getShape()), timestep));
  }

  /** Where a sample was one link earlier, if it is known where it began. */
  public Posterior posterior(int timestep) {
    return posterior(timestep, timestep - 1);
  }

  /**
   * Where a sample was some links earlier, q(x_earlier | x_timestep, x_0): what lets a sampler skip
   * timesteps (formulas 6 and 7, with the links between merged into one).
   *
   * @param earlier from -1 to {@code timestep - 1}; at -1 nothing is left to chance
   */
  public Posterior posterior(int timestep, int earlier) {
    requireTimestep(timestep, 0);
    if (earlier < -1 || earlier >= timestep) {
      throw new IllegalArgumentException(
          "Earlier than timestep %d are -1 to %d, not %d."
              .formatted(timestep, timestep - 1, earlier));
    }
    double now = alphaCumprod(timestep);
    double before = alphaCumprod(earlier);
    double alpha = now / before; // of the links between
    return new Posterior(
        Math.sqrt(before) * (1 - alpha) / (1 - now),
        Math.sqrt(alpha) * (1 - before) / (1 - now),
        (1 - before) / (1 - now) * (1 - alpha));
  }

  private void requireTimestep(int timestep, int first) {
    if (timestep < first || timestep >= timesteps()) {
      throw new IllegalArgumentException(
          "Timestep %d is outside the process's %d to %d."
              .formatted(timestep, first, timesteps() - 1));
    }
  }

  @Override
  public String toString() {
    return "forward process of " + timesteps() + " timesteps";
  }
}
