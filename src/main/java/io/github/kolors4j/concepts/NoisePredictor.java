package io.github.kolors4j.concepts;

import ai.djl.ndarray.NDArray;

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
}
