package io.github.kolors4j.concepts;

import ai.djl.ndarray.NDArray;
import java.util.function.BiFunction;

/** What a sampler asks at each step: a network, or the exact answer where it is known. */
@FunctionalInterface
public interface NoisePredictor {

  /**
   * Predicts the noise in samples (or what else the model was trained to predict, see {@link
   * Prediction}).
   *
   * @param x the noisy samples, the batch first
   * @param timestep all samples' timestep
   * @return of {@code x}'s shape, in its manager
   */
  NDArray predict(NDArray x, double timestep);

  /**
   * Predicts the noise for a sampler that is between two timesteps, as it is where noise levels are
   * spaced as Karras et al. 2022 do and timesteps are whole numbers. A network goes by the
   * timestep; what goes by the level itself is made by {@link #atLevel}.
   *
   * @param sigma the level that the samples are at: {@code Sampling.sigmas()} of this step
   */
  default NDArray predict(NDArray x, double timestep, double sigma) {
    return predict(x, timestep);
  }

  /**
   * A predictor that knows the answer at every noise level, and does not look at the timestep:
   *
   * <pre>{@code
   * NoisePredictor.atLevel((x, sigma) -> mixture.epsilon(x, 1 / (1 + sigma * sigma)))
   * }</pre>
   */
  static NoisePredictor atLevel(BiFunction<NDArray, Double, NDArray> predictor) {
    return new NoisePredictor() {
      @Override
      public NDArray predict(NDArray x, double timestep) {
        throw new IllegalStateException(
            "This predictor goes by the noise level: ask it with timestep and sigma.");
      }

      @Override
      public NDArray predict(NDArray x, double timestep, double sigma) {
        return predictor.apply(x, sigma);
      }
    };
  }
}
