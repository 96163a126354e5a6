package io.github.kolors4j.scheduler;

/**
 * A sampler with its configuration. It never changes and may be shared; {@link #begin(int)} starts
 * a run.
 */
public abstract class Scheduler {
  final SchedulerConfig config;
  final NoiseSchedule noiseSchedule;

  Scheduler(SchedulerConfig config) {
    this.config = config;
    noiseSchedule = new NoiseSchedule(config);
  }

  /** The configuration that this scheduler was made with. */
  public final SchedulerConfig config() {
    return config;
  }

  /** The noise that training adds at each of its timesteps. */
  public final NoiseSchedule noiseSchedule() {
    return noiseSchedule;
  }

  /**
   * Starts a run of {@code steps} denoising steps from pure noise.
   *
   * @param steps number of inference steps, from 1 to the number of training timesteps
   * @throws IllegalArgumentException if this sampler cannot make that many steps
   */
  public final Sampling begin(int steps) {
    return begin(steps, 1.0);
  }

  /**
   * Starts a run from a picture with noise on it (image-to-image), see {@link Sampling#addNoise}.
   *
   * @param steps number of inference steps of the whole schedule, from 1 to the number of training
   *     timesteps
   * @param strength how much of the schedule is run, in (0, 1]: 1 forgets the picture, 0.3 keeps
   *     most of it
   * @throws IllegalArgumentException if this sampler cannot make that many steps, or if the
   *     strength leaves none of them
   */
  public abstract Sampling begin(int steps, double strength);

  /**
   * A scheduler by its name, see {@link SchedulerType#named(String)}.
   *
   * @throws IllegalArgumentException if no sampler has that name (the message offers the nearest),
   *     or if the sampler does not support a value of the configuration
   */
  public static Scheduler of(String name, SchedulerConfig config) {
    return SchedulerType.named(name).create(config);
  }
}
