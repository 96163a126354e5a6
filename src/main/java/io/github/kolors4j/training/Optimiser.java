package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/** Changes parameters by their gradients, step by step. */
public interface Optimiser extends AutoCloseable {
  /**
   * Changes every parameter by its summed-up gradient, then sets the gradients to zero.
   *
   * @param learningRate of this step
   * @param maxNorm limit of the norm of all gradients together; infinite for no clipping
   * @return the norm before clipping; NaN if it was not asked for
   */
  double step(double learningRate, double maxNorm);

  /** How many steps were made. */
  long steps();

  /** The state that an exact resume needs, by name: live arrays, not copies. */
  Map<String, NDArray> state();

  /**
   * Copies a saved {@link #state()} over this one.
   *
   * @param steps the number of steps that were made
   * @throws IllegalArgumentException if it belongs to other parameters
   */
  void restore(Map<String, NDArray> state, long steps);

  @Override
  void close();

  /** Copies saved arrays over those of an optimiser. */
  static void copy(Map<String, NDArray> saved, Map<String, NDArray> state) {
    state.forEach(
        (name, array) -> {
          NDArray other = saved.get(name);
          if (other == null || !other.getShape().equals(array.getShape())) {
            throw new IllegalArgumentException(
                "The saved training state has no fitting \""
                    + name
                    + "\": it belongs to a run with other layers or another rank.");
          }
          other.copyTo(array);
        });
  }
}
