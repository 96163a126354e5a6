package io.github.kolors4j.pipeline;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.StoppedException;
import java.time.Duration;

/** Sees each denoising step when it is made, and can stop the run. */
@FunctionalInterface
public interface DenoisingListener {

  /** Lets the run go to its end. */
  DenoisingListener NONE = step -> true;

  /**
   * One step that was made.
   *
   * @param step from 1 to {@code of}
   * @param of how many steps the run makes
   * @param latents the sample after the step (1, channels, height, width), with what noise is left;
   *     freed after the call
   * @param clean the latents without noise of the picture that the step had in view, of the same
   *     shape and scale; freed after the call
   * @param timeLeft what the remaining steps take at the rate so far
   */
  record Step(int step, int of, NDArray latents, NDArray clean, Duration timeLeft) {}

  /** Returns false to stop the run with a {@link StoppedException}. */
  boolean stepMade(Step step);
}
