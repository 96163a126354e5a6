package io.github.kolors4j.concepts;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.tensor.Scope;
import io.github.kolors4j.scheduler.SchedulerConfig.PredictionType;
import java.util.Arrays;

/**
 * What a network is asked for, and what its answer says. The noise, the data and the velocity
 * {@code v = √ᾱ ε - √(1-ᾱ) x_0} (Salimans and Ho 2022, arXiv:2202.00512) say the same: with the
 * noisy sample at hand each follows from each other.
 *
 * <p>Timesteps are one for all samples, or one a sample.
 *
 * @param process how samples were noised
 * @param type what is asked for
 */
public record Prediction(ForwardProcess process, PredictionType type) {

  /**
   * The right answer, which training compares the network's with.
   *
   * @param start the data x_0, the batch first
   * @param epsilon the noise that was put on them
   * @return in {@code start}'s manager
   */
  public NDArray target(NDArray start, NDArray epsilon, int... timesteps) {
    try (Scope scope = new Scope(start, epsilon)) {
      Weights w = weights(scope.manager(), start, timesteps);
      return scope.result(
          switch (type) {
            case EPSILON -> epsilon.duplicate();
            case SAMPLE -> start.duplicate();
            case V_PREDICTION -> epsilon.mul(w.signal).sub(start.mul(w.noise));
          });
    }
  }

  /**
   * The data that an answer speaks of.
   *
   * @param output the network's answer
   * @param sample the noisy sample x_t
   * @return x_0, in {@code output}'s manager
   */
  public NDArray start(NDArray output, NDArray sample, int... timesteps) {
    try (Scope scope = new Scope(output, sample)) {
      Weights w = weights(scope.manager(), sample, timesteps);
      return scope.result(
          switch (type) {
            case EPSILON -> sample.sub(output.mul(w.noise)).div(w.signal);
            case SAMPLE -> output.duplicate();
            case V_PREDICTION -> sample.mul(w.signal).sub(output.mul(w.noise));
          });
    }
  }

  /** The noise that an answer speaks of, likewise. */
  public NDArray epsilon(NDArray output, NDArray sample, int... timesteps) {
    try (Scope scope = new Scope(output, sample)) {
      Weights w = weights(scope.manager(), sample, timesteps);
      return scope.result(
          switch (type) {
            case EPSILON -> output.duplicate();
            case SAMPLE -> sample.sub(output.mul(w.signal)).div(w.noise);
            case V_PREDICTION -> output.mul(w.signal).add(sample.mul(w.noise));
          });
    }
  }

  /** √ᾱ and √(1-ᾱ), shaped to be multiplied with a batch. */
  private record Weights(NDArray signal, NDArray noise) {}

  private Weights weights(NDManager manager, NDArray batch, int... timesteps) {
    long size = batch.getShape().get(0);
    if (timesteps.length != 1 && timesteps.length != size) {
      throw new IllegalArgumentException(
          "%d timesteps were given for a batch of %d: give one for all, or one a sample."
              .formatted(timesteps.length, size));
    }
    float[] signal = new float[timesteps.length];
    float[] noise = new float[timesteps.length];
    for (int i = 0; i < timesteps.length; i++) {
      double alphaCumprod = process.alphaCumprod(timesteps[i]);
      signal[i] = (float) Math.sqrt(alphaCumprod);
      noise[i] = (float) Math.sqrt(1 - alphaCumprod);
    }
    long[] shape = new long[batch.getShape().dimension()];
    Arrays.fill(shape, 1);
    shape[0] = timesteps.length;
    return new Weights(
        manager.create(signal, new Shape(shape)), manager.create(noise, new Shape(shape)));
  }
}
