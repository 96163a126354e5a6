package io.github.kolors4j.internal.training;

/**
 * How the learning rate changes over a training run.
 *
 * <p>The names and curves are those of diffusers' {@code optimization.py}.
 */
@FunctionalInterface
public interface LearningRate {
  /**
   * The rate of one step.
   *
   * @param step number of the step, from 0
   */
  double at(long step);

  /** The same rate at every step. */
  static LearningRate constant(double rate) {
    return step -> rate;
  }

  /** Falls in a straight line from {@code rate} to 0 at the last step. */
  static LearningRate linear(double rate, long totalSteps) {
    return step -> rate * Math.max(0, 1 - (double) step / totalSteps);
  }

  /** Falls along half a cosine from {@code rate} to 0 at the last step. */
  static LearningRate cosine(double rate, long totalSteps) {
    return step -> rate * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, (double) step / totalSteps)));
  }

  /** Rises in a straight line from 0 during the first steps of this schedule. */
  default LearningRate warmUp(long warmUpSteps) {
    return step -> at(step) * Math.min(1, (step + 1.0) / Math.max(1, warmUpSteps));
  }
}
