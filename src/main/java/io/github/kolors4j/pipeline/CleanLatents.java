package io.github.kolors4j.pipeline;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.scheduler.NoiseSchedule;
import io.github.kolors4j.scheduler.SchedulerConfig;

/**
 * What a UNet's prediction says about the picture: its latents without noise. The same for all
 * samplers, since the UNet reads {@code sqrt(a) x_0 + sqrt(1 - a) epsilon} from each.
 */
final class CleanLatents {
  private final NoiseSchedule schedule;
  private final SchedulerConfig.PredictionType type;

  CleanLatents(SchedulerConfig config) {
    schedule = new NoiseSchedule(config);
    type = config.predictionType();
  }

  /**
   * The latents of the picture that a step has in view.
   *
   * @param read what the UNet read (1, channels, height, width), in float32
   * @param output what it predicted from that
   * @param timestep that it was told
   * @return a new array of that shape, in {@code read}'s manager
   */
  NDArray of(NDArray read, NDArray output, double timestep) {
    int nearest = (int) Math.round(timestep);
    double a =
        schedule.alphaCumprod(Math.max(0, Math.min(schedule.numTrainTimesteps() - 1, nearest)));
    float signal = (float) Math.sqrt(a);
    float noise = (float) Math.sqrt(1 - a);
    return switch (type) {
      case EPSILON -> read.sub(output.mul(noise)).div(signal);
      case V_PREDICTION -> read.mul(signal).sub(output.mul(noise));
      case SAMPLE -> output.duplicate();
    };
  }
}
