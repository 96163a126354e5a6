package io.github.kolors4j.scheduler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

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
