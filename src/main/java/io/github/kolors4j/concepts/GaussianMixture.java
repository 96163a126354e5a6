package io.github.kolors4j.concepts;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.tensor.TorchRandom;
import java.util.Arrays;
import java.util.Locale;

/**
 * A mixture of round normal distributions in the plane: a distribution of which everything is known
 * exactly, also with noise on it, so that what a network learned can be compared with the truth.
 * Immutable; computed in double precision.
 *
 * <p>Noise keeps the form. Where the data are the mixture of N(c, s² I), {@code x_t = √ᾱ x_0 +
 * √(1-ᾱ) ε} is the mixture of N(√ᾱ c, (ᾱ s² + 1 - ᾱ) I), and the best possible prediction of the
 * noise is {@code ε(x) = -√(1-ᾱ) ∇ log q_t(x)} (Song et al. 2021, arXiv:2011.13456).
 */
public final class GaussianMixture {
  private final double[] centresX;
  private final double[] centresY;
  private final double[] variances;
  private final double[] weights;

  private GaussianMixture(
      double[] centresX, double[] centresY, double[] variances, double[] weights) {
    this.centresX = centresX;
    this.centresY = centresY;
    this.variances = variances;
    this.weights = weights;
  }

  /** One normal distribution around each of some points, all alike. */
  public static GaussianMixture of(Points centres, double deviation) {
    double[] deviations = new double[centres.size()];
    double[] weights = new double[centres.size()];
    Arrays.fill(deviations, deviation);
    Arrays.fill(weights, 1);
    return of(centres, deviations, weights);
  }

  /**
   * One normal distribution around each of some points.
   *
   * @param deviations the standard deviation of each, above 0
   * @param weights how much each counts, above 0; only their ratios matter
   */
  public static GaussianMixture of(Points centres, double[] deviations, double[] weights) {
    int n = centres.size();
    if (n == 0 || deviations.length != n || weights.length != n) {
      throw new IllegalArgumentException(
          "A mixture has as many deviations and weights as centres, at least one: got "
              + "%d centres, %d deviations and %d weights."
                  .formatted(n, deviations.length, weights.length));
    }
    for (double value : new double[] {least(deviations), least(weights)}) {
      if (!(value > 0)) {
        throw new IllegalArgumentException(
            "Deviations and weights of a mixture are above 0; one is " + value + ".");
      }
    }
    double[] x = new double[n];
    double[] y = new double[n];
    double sum = Arrays.stream(weights).sum();
    for (int i = 0; i < n; i++) {
      x[i] = centres.x(i);
      y[i] = centres.y(i);
    }
    return new GaussianMixture(
        x,
        y,
        Arrays.stream(deviations).map(s -> s * s).toArray(),
        Arrays.stream(weights).map(w -> w / sum).toArray());
  }

  private static double least(double[] values) {
    return Arrays.stream(values).min().orElseThrow();
  }

  /** Points drawn from the mixture. */
  public Points sample(int n, long seed) {
    TorchRandom random = new TorchRandom(seed);
    float[] uniform = random.rand(n);
    float[] noise = random.randn(n, 2);
    float[] values = new float[2 * n];
    for (int i = 0; i < n; i++) {
      int k = chosen(uniform[i]);
      double deviation = Math.sqrt(variances[k]);
      values[2 * i] = (float) (centresX[k] + deviation * noise[2 * i]);
      values[2 * i + 1] = (float) (centresY[k] + deviation * noise[2 * i + 1]);
    }
    return Points.of(values);
  }

  private int chosen(double uniform) {
    double left = uniform;
    int k = 0;
    while (k < weights.length - 1 && left >= weights[k]) {
      left -= weights[k++];
    }
    return k;
  }

  /**
   * The mixture with noise on it, exactly.
   *
   * @param alphaCumprod the share of the variance that is left, in (0, 1], see {@link
   *     io.github.kolors4j.scheduler.NoiseSchedule#alphaCumprod}
   */
  public GaussianMixture noised(double alphaCumprod) {
    double signal = Math.sqrt(alphaCumprod);
    return new GaussianMixture(
        Arrays.stream(centresX).map(x -> signal * x).toArray(),
        Arrays.stream(centresY).map(y -> signal * y).toArray(),
        Arrays.stream(variances).map(v -> alphaCumprod * v + 1 - alphaCumprod).toArray(),
        weights);
  }

  /** The logarithm of the density at a point. */
  public double logDensity(double x, double y) {
    double[] terms = terms(x, y);
    double largest = Arrays.stream(terms).max().orElseThrow();
    double sum = 0;
    for (double term : terms) {
      sum += Math.exp(term - largest);
    }
    return largest + Math.log(sum);
  }

  /** The logarithm of each part's share in the density at a point. */
  private double[] terms(double x, double y) {
    double[] terms = new double[weights.length];
    for (int k = 0; k < terms.length; k++) {
      double dx = x - centresX[k];
      double dy = y - centresY[k];
      terms[k] =
          Math.log(weights[k] / (2 * Math.PI * variances[k]))
              - (dx * dx + dy * dy) / (2 * variances[k]);
    }
    return terms;
  }

  /** The score at a point: the gradient of {@link #logDensity}, as x and y. */
  public double[] score(double x, double y) {
    double[] terms = terms(x, y);
    double largest = Arrays.stream(terms).max().orElseThrow();
    double sum = 0;
    double scoreX = 0;
    double scoreY = 0;
    for (int k = 0; k < terms.length; k++) {
      double share = Math.exp(terms[k] - largest);
      sum += share;
      scoreX += share * (centresX[k] - x) / variances[k];
      scoreY += share * (centresY[k] - y) / variances[k];
    }
    return new double[] {scoreX / sum, scoreY / sum};
  }

  /**
   * The logarithm of the density at each of some points.
   *
   * @param x (n, 2)
   * @return (n), in {@code x}'s manager
   */
  public NDArray logDensity(NDArray x) {
    float[] at = x.toFloatArray();
    float[] result = new float[at.length / 2];
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) logDensity(at[2 * i], at[2 * i + 1]);
    }
    return x.getManager().create(result);
  }

  /**
   * The score at each of some points.
   *
   * @param x (n, 2)
   * @return (n, 2), in {@code x}'s manager
   */
  public NDArray score(NDArray x) {
    return scaledScore(x, 1);
  }

  /**
   * The best possible prediction of the noise in points that were drawn from this mixture and
   * noised: what a perfect network would answer.
   *
   * @param x noisy points (n, 2)
   * @param alphaCumprod the share of the variance that is left in them, in (0, 1)
   * @return (n, 2), in {@code x}'s manager
   */
  public NDArray epsilon(NDArray x, double alphaCumprod) {
    return noised(alphaCumprod).scaledScore(x, -Math.sqrt(1 - alphaCumprod));
  }

  private NDArray scaledScore(NDArray x, double factor) {
    float[] at = x.toFloatArray();
    float[] result = new float[at.length];
    for (int i = 0; i < at.length; i += 2) {
      double[] score = score(at[i], at[i + 1]);
      result[i] = (float) (factor * score[0]);
      result[i + 1] = (float) (factor * score[1]);
    }
    return x.getManager().create(result, new Shape(at.length / 2, 2));
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "mixture of %,d normal distributions", weights.length);
  }
}
