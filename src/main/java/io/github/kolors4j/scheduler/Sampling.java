package io.github.kolors4j.scheduler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * One run of a sampler: a schedule of noise levels, and what the sampler remembers between steps.
 *
 * <p>Samples are float32 arrays of shape (batch, channels, height, width). Every method that
 * returns an array returns a new one, which belongs to the manager of {@code sample} or {@code
 * original}; the caller's arrays stay as they are, and what is needed in between is freed before
 * the method returns. A run is for one thread.
 */
public abstract class Sampling implements AutoCloseable {

  private final double[] timesteps;
  private final double[] sigmas;
  private final int startIndex;

  /**
   * @param timesteps the model's timestep for each step, descending
   * @param sigmas the noise level before each step and after the last, one more than timesteps
   * @param startIndex index of the first step that is made
   */
  Sampling(double[] timesteps, double[] sigmas, int startIndex) {
    this.timesteps = timesteps.clone();
    this.sigmas = sigmas.clone();
    this.startIndex = startIndex;
  }

  /** Number of steps in the schedule; {@link #startIndex()} of them may be left out. */
  public final int steps() {
    return timesteps.length;
  }

  /** Index of the first step to make: 0 from pure noise, later for image-to-image. */
  public final int startIndex() {
    return startIndex;
  }

  /** What the model is told as its timestep, one value a step, descending. */
  public final double[] timesteps() {
    return timesteps.clone();
  }

  /** Noise level before each step, and after the last: {@code steps() + 1} values. */
  public final double[] sigmas() {
    return sigmas.clone();
  }

  /** The noise level before a step as float32, in which the samplers compute. */
  final float sigma(int index) {
    return (float) sigmas[index];
  }

  final int timestep(int index) {
    return (int) timesteps[index];
  }

  /** Standard deviation of the noise that a run from pure noise starts with. */
  public double initNoiseSigma() {
    return 1.0;
  }

  /**
   * Scales a sample to the size that the model was trained on.
   *
   * @return a new array, also where the sampler needs no scaling
   */
  public NDArray scaleModelInput(NDArray sample, int stepIndex) {
    requireIndex(stepIndex);
    return sample.duplicate();
  }

  /**
   * Makes one step, from noise level {@code sigmas()[stepIndex]} to the next.
   *
   * @param modelOutput what the model predicts for the scaled sample, of the sample's shape
   * @param stepIndex from {@link #startIndex()} to {@code steps() - 1}; samplers that use earlier
   *     steps want them in order
   * @param sample the sample before the step
   * @param noise draws for stochastic samplers; others ignore it
   * @return the sample after the step, in {@code sample}'s manager
   * @throws IllegalArgumentException if the index is out of range, the shapes differ, or the model
   *     output holds a number that is not finite
   * @throws IllegalStateException if a sampler that uses earlier steps is called out of order
   */
  public abstract NDArray step(
      NDArray modelOutput, int stepIndex, NDArray sample, NoiseSource noise);

  /** {@link #step(NDArray, int, NDArray, NoiseSource)} for deterministic samplers. */
  public final NDArray step(NDArray modelOutput, int stepIndex, NDArray sample) {
    return step(modelOutput, stepIndex, sample, NoiseSource.none());
  }

  /**
   * Puts noise of one step's level on clean latents: the sample to begin an image-to-image run
   * with.
   *
   * @param original clean latents
   * @param noise standard normal draws of the same shape
   * @param stepIndex the step that the result is meant for, mostly {@link #startIndex()}
   * @return the noisy latents, in {@code original}'s manager
   */
  public abstract NDArray addNoise(NDArray original, NDArray noise, int stepIndex);

  /** Frees what the sampler remembers. Samples that it returned stay alive. */
  @Override
  public void close() {}

  /**
   * The first step of an image-to-image run, as diffusers' {@code get_timesteps}: {@code strength}
   * of the steps are made, rounded down.
   */
  static int startIndex(int steps, double strength) {
    requireStrength(strength);
    int stepsMade = (int) (steps * strength);
    if (stepsMade < 1) {
      throw new IllegalArgumentException(
          "Strength %s of %d steps leaves no step to make: use more steps or a strength of at least %s."
              .formatted(strength, steps, 1.0 / steps));
    }
    return steps - stepsMade;
  }

  static void requireStrength(double strength) {
    if (!(strength > 0 && strength <= 1)) {
      throw new IllegalArgumentException(
          "The strength must be above 0 and at most 1 (1 forgets the picture); got %s."
              .formatted(strength));
    }
  }

  final void requireIndex(int stepIndex) {
    if (stepIndex < 0 || stepIndex >= steps()) {
      throw new IllegalArgumentException(
          "Step index %d is outside this run's 0 to %d.".formatted(stepIndex, steps() - 1));
    }
  }

  /**
   * Where a stochastic sampler gets its noise: draws from the standard normal distribution.
   *
   * <p>A deterministic sampler never draws; {@link #none()} serves it.
   */
  @FunctionalInterface
  public interface NoiseSource {

    /**
     * Draws independent standard normal numbers.
     *
     * @param shape the shape of the sample
     * @param manager the manager that should own the result
     * @return a float32 array of that shape
     */
    NDArray draw(Shape shape, NDManager manager);

    /** A source for deterministic samplers: drawing from it is an error. */
    static NoiseSource none() {
      return (shape, manager) -> {
        throw new IllegalArgumentException(
            "This sampler draws noise at every step, and it was given no noise source. "
                + "Pass one to step(…), for example (shape, manager) -> manager.randomNormal(shape).");
      };
    }
  }
}
