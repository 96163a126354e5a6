package io.github.kolors4j.scheduler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/**
 * The noise that training adds: {@code x_t = sqrt(alphasCumprod[t]) x_0 + sqrt(1 -
 * alphasCumprod[t]) epsilon} for {@code t} in [0, numTrainTimesteps).
 *
 * <p>Ho et al. 2020, "Denoising Diffusion Probabilistic Models", formula 4. The numbers follow
 * torch's: betas in float32 as {@code torch.linspace} makes them, the product accumulated in
 * float64 and rounded to float32, as {@code torch.cumprod} does on the CPU. (diffusers 0.35.2, the
 * constructors in {@code schedulers/scheduling_*.py}.)
 */
public final class NoiseSchedule {

  private final float[] alphasCumprod;

  /** The schedule that a configuration describes. */
  public NoiseSchedule(SchedulerConfig config) {
    float[] betas =
        switch (config.betaSchedule()) {
          case LINEAR -> linspace(config.betaStart(), config.betaEnd(), config.numTrainTimesteps());
          case SCALED_LINEAR -> {
            float[] roots =
                linspace(
                    Math.sqrt(config.betaStart()),
                    Math.sqrt(config.betaEnd()),
                    config.numTrainTimesteps());
            for (int t = 0; t < roots.length; t++) {
              roots[t] *= roots[t];
            }
            yield roots;
          }
          case SQUAREDCOS_CAP_V2 -> squaredCosine(config.numTrainTimesteps());
        };
    alphasCumprod = new float[betas.length];
    double product = 1.0;
    for (int t = 0; t < betas.length; t++) {
      product *= 1.0f - betas[t];
      alphasCumprod[t] = (float) product;
    }
  }

  /** Nichol and Dhariwal 2021, formula 17: no beta above 0.999, or nothing would be left to see. */
  private static float[] squaredCosine(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      double left = squaredCosine((i + 1.0) / count) / squaredCosine((double) i / count);
      values[i] = (float) Math.min(1 - left, 0.999);
    }
    return values;
  }

  private static double squaredCosine(double time) {
    return Math.pow(Math.cos((time + 0.008) / 1.008 * Math.PI / 2), 2);
  }

  /** As {@code torch.linspace} in float32: from both ends towards the middle, one rounding each. */
  private static float[] linspace(double start, double end, int count) {
    float first = (float) start;
    float last = (float) end;
    float[] values = new float[count];
    float increment = count == 1 ? 0f : (last - first) / (count - 1);
    for (int i = 0; i < count; i++) {
      values[i] =
          i < count / 2 || count == 1
              ? Math.fma(increment, (float) i, first)
              : Math.fma(-increment, (float) (count - 1 - i), last);
    }
    return values;
  }

  /** Number of timesteps that the model was trained with. */
  public int numTrainTimesteps() {
    return alphasCumprod.length;
  }

  /** The share of the picture's variance that is left at a timestep, in (0, 1]. */
  public float alphaCumprod(int timestep) {
    return alphasCumprod[timestep];
  }

  /**
   * The noise relative to the picture at a timestep: {@code sqrt((1 - alphaCumprod) /
   * alphaCumprod)}.
   */
  public float sigma(int timestep) {
    float alphaCumprod = alphasCumprod[timestep];
    return (float) Math.sqrt((1f - alphaCumprod) / alphaCumprod);
  }

  /** The noise level between timesteps, linear as {@code numpy.interp}; the ends extend flat. */
  public double sigma(double timestep) {
    int low = (int) Math.floor(timestep);
    if (low < 0) {
      return sigma(0);
    }
    if (low >= numTrainTimesteps() - 1) {
      return sigma(numTrainTimesteps() - 1);
    }
    double slope = (double) sigma(low + 1) - sigma(low);
    return slope * (timestep - low) + sigma(low);
  }

  /** The noise levels of timesteps, and {@code last} after them, rounded to float32. */
  double[] sigmas(double[] timesteps, float last) {
    double[] sigmas = new double[timesteps.length + 1];
    for (int i = 0; i < timesteps.length; i++) {
      sigmas[i] = (float) sigma(timesteps[i]);
    }
    sigmas[timesteps.length] = last;
    return sigmas;
  }

  /**
   * Noise levels from {@code sigmaMax} down to {@code sigmaMin}, dense at the low end.
   *
   * <p>Karras et al. 2022, "Elucidating the Design Space of Diffusion-Based Generative Models",
   * formula 5 with rho = 7.
   *
   * @return {@code steps} values in float64
   */
  static double[] karrasSigmas(double sigmaMax, double sigmaMin, int steps) {
    return karrasSigmas(sigmaMax, sigmaMin, steps, 7.0);
  }

  /** The same with another rho: the larger, the denser at the low end. */
  static double[] karrasSigmas(double sigmaMax, double sigmaMin, int steps, double rho) {
    double maxRoot = Math.pow(sigmaMax, 1 / rho);
    double minRoot = Math.pow(sigmaMin, 1 / rho);
    double[] ramp = Spacing.linspace(1.0, steps);
    double[] sigmas = new double[steps];
    for (int i = 0; i < steps; i++) {
      sigmas[i] = Math.pow(maxRoot + ramp[i] * (minRoot - maxRoot), rho);
    }
    return sigmas;
  }

  /**
   * The timestep with a noise level, interpolated on the level's logarithm; not rounded.
   *
   * @param sigma beyond the levels of training it counts as the nearest of them
   */
  public double timestep(double sigma) {
    double logSigma = Math.log(Math.max(sigma, 1e-10));
    int low = 0;
    for (int t = 1; t < numTrainTimesteps() - 1 && logSigma >= logSigma(t); t++) {
      low = t;
    }
    double weight = (logSigma(low) - logSigma) / (logSigma(low) - logSigma(low + 1));
    weight = Math.min(Math.max(weight, 0), 1);
    return (1 - weight) * low + weight * (low + 1);
  }

  private double logSigma(int timestep) {
    return (float) Math.log(sigma(timestep));
  }

  /**
   * Noises clean latents as training does, each picture of the batch at a timestep of its own.
   *
   * @param original clean latents of shape (batch, …), float32
   * @param noise standard normal draws of the same shape
   * @param timesteps one for all pictures, or one a picture
   * @return the noisy latents, in {@code original}'s manager
   * @throws IllegalArgumentException if a timestep is out of range, their number is neither 1 nor
   *     the batch size, or the shapes differ
   */
  public NDArray addNoise(NDArray original, NDArray noise, int... timesteps) {
    StepScope.requireSameShape("noise", noise, original);
    long batch = original.getShape().get(0);
    if (timesteps.length != 1 && timesteps.length != batch) {
      throw new IllegalArgumentException(
          "%d timesteps were given for a batch of %d: give one for all, or one a picture."
              .formatted(timesteps.length, batch));
    }
    float[] signal = new float[timesteps.length];
    float[] spread = new float[timesteps.length];
    for (int i = 0; i < timesteps.length; i++) {
      requireTimestep(timesteps[i]);
      float alphaCumprod = alphasCumprod[timesteps[i]];
      signal[i] = (float) Math.sqrt(alphaCumprod);
      spread[i] = (float) Math.sqrt(1f - alphaCumprod);
    }
    long[] perPicture = new long[original.getShape().dimension()];
    Arrays.fill(perPicture, 1);
    perPicture[0] = timesteps.length;
    try (StepScope scope = new StepScope(original)) {
      NDManager manager = scope.manager();
      NDArray sqrtAlphaProd = manager.create(signal, new Shape(perPicture));
      NDArray sqrtOneMinusAlphaProd = manager.create(spread, new Shape(perPicture));
      return scope.keep(sqrtAlphaProd.mul(original).add(sqrtOneMinusAlphaProd.mul(noise)));
    }
  }

  void requireTimestep(int timestep) {
    if (timestep < 0 || timestep >= numTrainTimesteps()) {
      throw new IllegalArgumentException(
          "Timestep %d is outside the model's 0 to %d."
              .formatted(timestep, numTrainTimesteps() - 1));
    }
  }
}
