package io.github.kolors4j.scheduler;

/**
 * The way down from noise to picture: where each step starts.
 *
 * @param timesteps the model's timestep for each step, descending
 * @param sigmas the noise level before each step and after the last, one more than timesteps
 * @param startIndex index of the first step that is made
 */
record Schedule(double[] timesteps, double[] sigmas, int startIndex) {

  /** Copies both arrays. */
  public Schedule {
    timesteps = timesteps.clone();
    sigmas = sigmas.clone();
    if (sigmas.length != timesteps.length + 1 || startIndex < 0 || startIndex >= steps(timesteps)) {
      throw new IllegalArgumentException(
          "A schedule of %d timesteps needs %d sigmas and a start among them; got %d and start %d."
              .formatted(timesteps.length, timesteps.length + 1, sigmas.length, startIndex));
    }
  }

  /** Number of steps. */
  public int steps() {
    return steps(timesteps);
  }

  /** A copy of the timesteps. */
  @Override
  public double[] timesteps() {
    return timesteps.clone();
  }

  /** A copy of the noise levels. */
  @Override
  public double[] sigmas() {
    return sigmas.clone();
  }

  /** The noise level before a step as float32, in which the samplers compute. */
  float sigma(int index) {
    return (float) sigmas[index];
  }

  int timestep(int index) {
    return (int) timesteps[index];
  }

  private static int steps(double[] timesteps) {
    return timesteps.length;
  }

  /**
   * The first step of an image-to-image run, as diffusers' {@code get_timesteps}: {@code strength}
   * of the steps are made, rounded down.
   */
  static int startIndex(int steps, double strength) {
    requireStrength(strength);
    int stepsMade = (int) (steps * strength);
    if (stepsMade < 1) {
      throw new IllegalArgumentException(
          "Strength %s of %d steps leaves no step to make: use more steps or a strength of at least %s."
              .formatted(strength, steps, 1.0 / steps));
    }
    return steps - stepsMade;
  }

  static void requireStrength(double strength) {
    if (!(strength > 0 && strength <= 1)) {
      throw new IllegalArgumentException(
          "The strength must be above 0 and at most 1 (1 forgets the picture); got %s."
              .formatted(strength));
    }
  }
}
