package io.github.kolors4j.scheduler;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * The memory of one step: copies of the inputs and everything computed from them, freed together
 * when the step ends; only the result moves out.
 */
final class StepScope implements AutoCloseable {

  private final NDManager owner;
  private final NDManager manager;

  /** Opens a scope below the manager of {@code sample}, which gets the result. */
  StepScope(NDArray sample) {
    owner = sample.getManager();
    manager = owner.newSubManager();
  }

  /**
   * A copy that belongs to the scope. Results belong to their first operand's manager, so the
   * caller's arrays themselves must not be one.
   */
  NDArray copy(NDArray array) {
    NDArray copy = array.duplicate();
    copy.attach(manager);
    return copy;
  }

  /** A copy of the model's output, after checking its shape and that all of it is finite. */
  NDArray modelOutput(NDArray modelOutput, NDArray sample, int stepIndex, double timestep) {
    requireSameShape("model output", modelOutput, sample);
    NDArray copy = copy(modelOutput);
    if (!Float.isFinite(copy.sum().getFloat())) {
      long bad = copy.isNaN().logicalOr(copy.isInfinite()).countNonzero().getLong();
      if (bad > 0) {
        throw new IllegalArgumentException(
            "At step index %d (timestep %s) %d of the model output's %d numbers are not finite. "
                    .formatted(stepIndex, timestep, bad, copy.size())
                + "Look for damaged weights or an overflow in half precision.");
      }
    }
    return copy;
  }

  /** The scope's own manager. */
  NDManager manager() {
    return manager;
  }

  /** Fresh noise of the sample's shape, owned by the scope. */
  NDArray draw(Sampling.NoiseSource noise, Shape shape) {
    NDArray drawn = noise.draw(shape, manager);
    if (!drawn.getShape().equals(shape)) {
      throw new IllegalArgumentException(
          "The noise source drew shape %s where %s was asked for."
              .formatted(drawn.getShape(), shape));
    }
    return drawn.getManager() == manager ? drawn : copy(drawn);
  }

  /** Hands the result to the sample's manager. */
  NDArray keep(NDArray result) {
    result.attach(owner);
    return result;
  }

  @Override
  public void close() {
    manager.close();
  }

  static void requireSameShape(String what, NDArray array, NDArray sample) {
    if (!array.getShape().equals(sample.getShape())) {
      throw new IllegalArgumentException(
          "The %s has shape %s, the sample %s: they must be equal."
              .formatted(what, array.getShape(), sample.getShape()));
    }
  }
}
