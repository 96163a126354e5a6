package io.github.kolors4j.training;

import io.github.kolors4j.scheduler.NoiseSchedule;

/**
 * How much the loss of a timestep counts, from its signal-to-noise ratio {@code alphaCumprod / (1 -
 * alphaCumprod)}.
 *
 * @param kind the rule
 * @param gamma the limit of min-SNR, usually 5; without meaning for the others
 */
public record LossWeighting(Kind kind, double gamma) {

  /** The rules. */
  public enum Kind {
    /** Every timestep counts 1. */
    UNIFORM,
    /** Timesteps of little noise count less. */
    MIN_SNR,
    /** Timesteps of much noise count more. */
    DEBIASED
  }

  /** Beyond it, 1/sqrt(SNR) is cut off, as the original does. */
  private static final double LARGEST_RATIO = 1000;

  /** The plain loss. */
  public static final LossWeighting UNIFORM = new LossWeighting(Kind.UNIFORM, 0);

  /**
   * {@code 1 / sqrt(SNR)}: what a prompt decides where there is most noise, colours above all, is
   * learned sooner (Yu et al. 2023; kohya's {@code --debiased_estimation_loss}).
   */
  public static final LossWeighting DEBIASED = new LossWeighting(Kind.DEBIASED, 0);

  /**
   * {@code min(SNR, gamma) / SNR} (Hang et al. 2023; diffusers' {@code --snr_gamma}).
   *
   * @throws IllegalArgumentException unless gamma is above 0
   */
  public static LossWeighting minSnr(double gamma) {
    if (!(gamma > 0)) {
      throw new IllegalArgumentException("snr_gamma is " + gamma + ", but must be above 0.");
    }
    return new LossWeighting(Kind.MIN_SNR, gamma);
  }

  /** The weighting that {@link #toString} has written. */
  static LossWeighting of(String text) {
    return switch (text) {
      case "uniform" -> UNIFORM;
      case "debiased" -> DEBIASED;
      default -> minSnr(Double.parseDouble(text.replaceFirst("min_snr ", "")));
    };
  }

  /** The weight of a timestep. */
  double weight(NoiseSchedule schedule, int timestep) {
    double signal = schedule.alphaCumprod(timestep);
    double ratio = signal / (1 - signal);
    return switch (kind) {
      case UNIFORM -> 1;
      case MIN_SNR -> Math.min(ratio, gamma) / ratio;
      case DEBIASED -> 1 / Math.sqrt(Math.min(ratio, LARGEST_RATIO));
    };
  }

  @Override
  public String toString() {
    return switch (kind) {
      case UNIFORM -> "uniform";
      case MIN_SNR -> "min_snr " + gamma;
      case DEBIASED -> "debiased";
    };
  }
}
