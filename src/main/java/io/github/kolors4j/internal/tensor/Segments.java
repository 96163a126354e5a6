package io.github.kolors4j.internal.tensor;

import ai.djl.ndarray.NDArray;

/**
 * How a network runs its segments: straight through, or keeping only their inputs and computing
 * them once more in the backward pass ({@link CheckpointedSegments}).
 */
@FunctionalInterface
public interface Segments {
  /** Runs each segment straight through. */
  Segments DIRECT = Segment::forward;

  /** A piece of a network, a function of its inputs and of fixed weights. */
  @FunctionalInterface
  interface Segment {
    NDArray forward(NDArray... inputs);
  }

  /**
   * Runs a segment.
   *
   * @return its output, owned by the first input's manager
   */
  NDArray run(Segment segment, NDArray... inputs);
}
