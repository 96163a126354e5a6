package io.github.kolors4j.concepts;

/**
 * The river itself: the ordinary differential equation that takes noise to points, solved so finely
 * that samplers can be measured by it.
 *
 * <p>With {@code z = x · sqrt(1 + sigma²)} it reads {@code dz / dsigma = epsilon(x, sigma)} (Song
 * et al. 2021, arXiv:2011.13456, formula 13; Karras et al. 2022, arXiv:2206.00364, formula 1).
 * Solved in float64 by the classical Runge–Kutta method of order 4, in equal steps of log sigma.
 */
public final class ProbabilityFlow {
  private static final int STEPS = 500;

  private final GaussianMixture mixture;

  private ProbabilityFlow(GaussianMixture mixture) {
    this.mixture = mixture;
  }

  /** The flow of a distribution whose score is known exactly. */
  public static ProbabilityFlow of(GaussianMixture mixture) {
    return new ProbabilityFlow(mixture);
  }

  /**
   * Where the flow takes points from one noise level to another.
   *
   * @param points at the level {@code from}, scaled as a model sees them
   * @param from a noise level above 0
   * @param to another one above 0, mostly a lower one
   * @return the points at the level {@code to}, scaled as a model sees them
   */
  public Points solve(Points points, double from, double to) {
    if (!(from > 0 && to > 0)) {
      throw new IllegalArgumentException(
          "The flow runs between noise levels above 0; got %s and %s.".formatted(from, to));
    }
    float[] solved = new float[2 * points.size()];
    GaussianMixture[] levels = levels(from, to);
    double step = Math.log(to / from) / STEPS;
    for (int i = 0; i < points.size(); i++) {
      double[] z = scaled(new double[] {points.x(i), points.y(i)}, Math.hypot(1, from));
      for (int n = 0; n < STEPS; n++) {
        double sigma = sigma(from, to, 2 * n);
        double middle = sigma(from, to, 2 * n + 1);
        double next = sigma(from, to, 2 * n + 2);
        double[] k1 = slope(levels[2 * n], z, sigma);
        double[] k2 = slope(levels[2 * n + 1], moved(z, k1, step / 2), middle);
        double[] k3 = slope(levels[2 * n + 1], moved(z, k2, step / 2), middle);
        double[] k4 = slope(levels[2 * n + 2], moved(z, k3, step), next);
        for (int axis = 0; axis < 2; axis++) {
          z[axis] += step / 6 * (k1[axis] + 2 * k2[axis] + 2 * k3[axis] + k4[axis]);
        }
      }
      double[] x = scaled(z, 1 / Math.hypot(1, to));
      solved[2 * i] = (float) x[0];
      solved[2 * i + 1] = (float) x[1];
    }
    return Points.of(solved);
  }

  /** The noised mixtures at the ends and in the middle of each step. */
  private GaussianMixture[] levels(double from, double to) {
    GaussianMixture[] levels = new GaussianMixture[2 * STEPS + 1];
    for (int half = 0; half < levels.length; half++) {
      double sigma = sigma(from, to, half);
      levels[half] = mixture.noised(1 / (1 + sigma * sigma));
    }
    return levels;
  }

  private static double sigma(double from, double to, int halfSteps) {
    return from * Math.pow(to / from, halfSteps / (2.0 * STEPS));
  }

  /** dz / dlog sigma = sigma · epsilon, and epsilon = -sigma / sqrt(1 + sigma²) · score. */
  private static double[] slope(GaussianMixture level, double[] z, double sigma) {
    double alpha = 1 / Math.hypot(1, sigma);
    return scaled(level.score(alpha * z[0], alpha * z[1]), -sigma * sigma * alpha);
  }

  private static double[] moved(double[] z, double[] slope, double step) {
    return new double[] {z[0] + step * slope[0], z[1] + step * slope[1]};
  }

  private static double[] scaled(double[] vector, double factor) {
    return new double[] {factor * vector[0], factor * vector[1]};
  }
}
