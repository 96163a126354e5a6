package io.github.kolors4j.training;

import java.time.Duration;
import java.util.Locale;

/**
 * Where a training stands after a step.
 *
 * @param step the step just made, from 1
 * @param of how many steps the whole training has
 * @param epoch of the step, from 0
 * @param loss of this step
 * @param smoothedLoss mean of the losses of the last {@value #SMOOTHED_OVER} steps
 * @param learningRate of this step
 * @param gradientNorm norm of all gradients together, before clipping
 * @param elapsed since the first step after the start or the resumption
 * @param timeLeft estimated from the pace so far
 */
public record TrainingProgress(
    long step,
    long of,
    long epoch,
    double loss,
    double smoothedLoss,
    double learningRate,
    double gradientNorm,
    Duration elapsed,
    Duration timeLeft) {
  /** Steps over whose losses {@link #smoothedLoss} is the mean. */
  public static final int SMOOTHED_OVER = 50;

  /** For example {@code step 120/500, epoch 0, loss 0.0812 (mean 0.0794), 2:05 left}. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "step %d/%d, epoch %d, loss %.4f (mean %.4f), %d:%02d left",
        step,
        of,
        epoch,
        loss,
        smoothedLoss,
        timeLeft.toMinutes(),
        timeLeft.toSecondsPart());
  }
}
