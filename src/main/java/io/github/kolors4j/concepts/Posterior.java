package io.github.kolors4j.concepts;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.tensor.Scope;

/**
 * Where a noisy sample was at an earlier timestep, given where it began: a normal distribution
 * around a point between the two, q(x_{t-1} | x_t, x_0) (Ho et al. 2020, formulas 6 and 7). A DDPM
 * sampler draws from it, with the network's guess in place of x_0.
 *
 * @param startWeight what x_0 is multiplied with for the mean
 * @param sampleWeight what x_t is multiplied with for the mean
 * @param variance of each number around the mean
 */
public record Posterior(double startWeight, double sampleWeight, double variance) {

  /** The mean for one number. */
  public double mean(double start, double sample) {
    return startWeight * start + sampleWeight * sample;
  }

  /**
   * The mean.
   *
   * @param start x_0, any shape
   * @param sample x_t, of the same shape
   * @return in {@code sample}'s manager
   */
  public NDArray mean(NDArray start, NDArray sample) {
    try (Scope scope = new Scope(sample, start)) {
      NDManager manager = scope.manager();
      NDArray fromSample = sample.mul(manager.create((float) sampleWeight));
      NDArray fromStart = start.mul(manager.create((float) startWeight));
      return scope.result(fromSample.add(fromStart));
    }
  }

  /**
   * A draw: the mean and noise of the posterior's variance.
   *
   * @param epsilon standard normal numbers of the same shape
   */
  public NDArray draw(NDArray start, NDArray sample, NDArray epsilon) {
    try (Scope scope = new Scope(sample, start, epsilon)) {
      NDArray deviation = scope.manager().create((float) Math.sqrt(variance));
      return scope.result(mean(start, sample).add(epsilon.mul(deviation)));
    }
  }
}
