package io.github.kolors4j.internal.tensor;

import ai.djl.ndarray.NDArray;

/**
 * How a network runs its blocks: straight through, or keeping only their inputs and computing them
 * once more in the backward pass ({@link GradientCheckpointing}).
 */
@FunctionalInterface
public interface Checkpointing {
  /** Runs each block straight through. */
  Checkpointing OFF = Block::forward;

  /** A piece of a network between two checkpoints, a function of its inputs and fixed weights. */
  @FunctionalInterface
  interface Block {
    NDArray forward(NDArray... inputs);
  }

  /**
   * Runs a block.
   *
   * @return its output, owned by the first input's manager
   */
  NDArray run(Block block, NDArray... inputs);
}
