package io.github.kolors4j.scheduler;

/**
 * How inference timesteps are spread over the training timesteps.
 *
 * <p>Lin et al. 2023, "Common Diffusion Noise Schedules and Sample Steps are Flawed", table 2; the
 * arithmetic is that of diffusers 0.35.2, {@code set_timesteps} in {@code
 * schedulers/scheduling_*.py}, with numpy's rounding to even.
 */
final class Spacing {

  private Spacing() {}

  /**
   * Integer timesteps for DDIM, DDPM and, but for {@code linspace}, Euler: {@code leading} starts
   * the first of {@code steps} equal parts, {@code linspace} covers both ends.
   */
  static double[] timesteps(SchedulerConfig config, int steps) {
    int trained = requireSteps(config, steps);
    return switch (config.timestepSpacing()) {
      case LINSPACE -> reversed(rounded(linspace(trained - 1, steps)), steps);
      case LEADING -> leading(trained / steps, steps, config.stepsOffset());
      case TRAILING -> trailing(trained, steps);
    };
  }

  /** {@code linspace} timesteps for the Euler samplers: not rounded, but float32. */
  static double[] fractionalTimesteps(SchedulerConfig config, int steps) {
    int trained = requireSteps(config, steps);
    if (config.timestepSpacing() != SchedulerConfig.TimestepSpacing.LINSPACE) {
      return timesteps(config, steps);
    }
    double[] timesteps = linspace(trained - 1, steps);
    for (int i = 0; i < steps; i++) {
      timesteps[i] = (float) timesteps[i];
    }
    return reversed(timesteps, steps);
  }

  /**
   * Integer timesteps for the multistep solvers, which divide the way into {@code steps + 1} points
   * and leave the lowest to the end of the last step.
   */
  static double[] multistepTimesteps(SchedulerConfig config, int steps) {
    int trained = requireSteps(config, steps);
    return switch (config.timestepSpacing()) {
      case LINSPACE -> reversed(rounded(linspace(trained - 1, steps + 1)), steps);
      case LEADING -> {
        int stride = trained / (steps + 1);
        double[] timesteps = leading(stride, steps, config.stepsOffset());
        for (int i = 0; i < steps; i++) {
          timesteps[i] += stride;
        }
        yield timesteps;
      }
      case TRAILING -> trailing(trained, steps);
    };
  }

  /**
   * The multistep solvers divide by the distance between noise levels: it must not vanish.
   *
   * @throws IllegalArgumentException if two steps share a noise level, which happens with about as
   *     many steps as training timesteps
   */
  static void requireDistinct(double[] sigmas, SchedulerConfig config) {
    for (int i = 1; i < sigmas.length - 1; i++) {
      if (!(sigmas[i] < sigmas[i - 1])) {
        throw new IllegalArgumentException(
            "%d steps are too many for this sampler: steps %d and %d fall on the same of the %d training timesteps. Use fewer steps."
                .formatted(sigmas.length - 1, i - 1, i, config.numTrainTimesteps()));
      }
    }
  }

  /**
   * DDIM and DDPM look up their coefficients by timestep: each must be one of training.
   *
   * @throws IllegalArgumentException if the offset pushes a timestep beyond the last
   */
  static void requireTrained(double[] timesteps, SchedulerConfig config) {
    if (timesteps[0] >= config.numTrainTimesteps()) {
      throw new IllegalArgumentException(
          "%d steps with 'steps_offset' %d begin at timestep %d, beyond the model's last, %d. Use fewer steps."
              .formatted(
                  timesteps.length,
                  config.stepsOffset(),
                  (int) timesteps[0],
                  config.numTrainTimesteps() - 1));
    }
  }

  /** {@code numpy.linspace(0, end, count)}. */
  static double[] linspace(double end, int count) {
    double[] values = new double[count];
    if (count > 1) {
      double increment = end / (count - 1);
      for (int i = 0; i < count; i++) {
        values[i] = i * increment;
      }
      values[count - 1] = end;
    }
    return values;
  }

  /** Refuses a number of steps that the model has no timesteps for; returns how many it has. */
  static int requireSteps(SchedulerConfig config, int steps) {
    if (steps < 1 || steps > config.numTrainTimesteps()) {
      throw new IllegalArgumentException(
          "The number of steps must be from 1 to %d, the timesteps that the model was trained with; got %d."
              .formatted(config.numTrainTimesteps(), steps));
    }
    return config.numTrainTimesteps();
  }

  private static double[] rounded(double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.rint(values[i]);
    }
    return values;
  }

  /** The {@code count} highest of ascending values, descending. */
  private static double[] reversed(double[] ascending, int count) {
    double[] descending = new double[count];
    for (int i = 0; i < count; i++) {
      descending[i] = ascending[ascending.length - 1 - i];
    }
    return descending;
  }

  private static double[] leading(int stride, int steps, int offset) {
    double[] timesteps = new double[steps];
    for (int i = 0; i < steps; i++) {
      timesteps[i] = (double) stride * (steps - 1 - i) + offset;
    }
    return timesteps;
  }

  /**
   * {@code numpy.arange(trained, 0, -trained / steps)}, less 1. For some counts numpy's rounding
   * adds a timestep -1 at the end, which is left out here.
   */
  private static double[] trailing(int trained, int steps) {
    double stride = (double) trained / steps;
    double increment = (trained - stride) - trained;
    double[] timesteps = new double[steps];
    for (int i = 0; i < steps; i++) {
      timesteps[i] = Math.rint(trained + i * increment) - 1;
    }
    return timesteps;
  }
}
