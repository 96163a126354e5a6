package io.github.kolors4j.scheduler;

import ai.djl.ndarray.NDArray;

/**
 * DiffSynth-Studio's DDIM, which its Kolors LoRA is trained and sampled with: the timesteps run
 * from the very last of training to 0, both included, and the last step ends without noise.
 *
 * <p>Song et al. 2020, "Denoising Diffusion Implicit Models"; DiffSynth-Studio, {@code
 * EnhancedDDIMScheduler} in {@code diffsynth/schedulers/ddim.py}. Deterministic. Image-to-image
 * makes all its steps, from a lower timestep: the start index is always 0. Spacing and offset of
 * the configuration have no effect.
 */
final class EnhancedDDIMScheduler extends Scheduler {

  /**
   * Uses the betas and the prediction type of the configuration.
   *
   * @throws IllegalArgumentException if the prediction type is {@code sample}, which the original
   *     does not have either
   */
  EnhancedDDIMScheduler(SchedulerConfig config) {
    super(config);
    if (config.predictionType() == SchedulerConfig.PredictionType.SAMPLE) {
      throw new IllegalArgumentException(
          "'prediction_type' is sample, which EnhancedDDIMScheduler does not support: "
              + "choose another sampler, for example DDIMScheduler.");
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>Where the strength leaves fewer timesteps than steps, each timestep gets one step.
   */
  @Override
  public Sampling begin(int steps, double strength) {
    Spacing.requireSteps(config, steps);
    Sampling.requireStrength(strength);
    int maxTimestep = (int) Math.max(Math.rint(config.numTrainTimesteps() * strength) - 1, 0);
    int count = Math.min(steps, maxTimestep + 1);
    double[] timesteps = new double[count];
    timesteps[0] = maxTimestep;
    double stepLength = (double) maxTimestep / (count - 1);
    for (int i = 1; i < count; i++) {
      timesteps[i] = Math.rint(maxTimestep - i * stepLength);
    }
    return new Run(timesteps, noiseSchedule.sigmas(timesteps, 0f), 0);
  }

  private final class Run extends Sampling {

    private Run(double[] timesteps, double[] sigmas, int startIndex) {
      super(timesteps, sigmas, startIndex);
    }

    @Override
    public NDArray step(NDArray modelOutput, int stepIndex, NDArray sample, NoiseSource noise) {
      requireIndex(stepIndex);
      boolean last = stepIndex == steps() - 1;
      // Here the original computes with Python's floats, which are float64.
      double alphaProd = noiseSchedule.alphaCumprod(timestep(stepIndex));
      double alphaProdPrevious = last ? 1.0 : noiseSchedule.alphaCumprod(timestep(stepIndex + 1));
      double weightX;
      double weightOutput;
      if (config.predictionType() == SchedulerConfig.PredictionType.EPSILON) {
        weightX = Math.sqrt(alphaProdPrevious / alphaProd);
        weightOutput =
            Math.sqrt(1 - alphaProdPrevious)
                - Math.sqrt(alphaProdPrevious * (1 - alphaProd) / alphaProd);
      } else {
        weightX =
            Math.sqrt(alphaProd * alphaProdPrevious)
                + Math.sqrt((1 - alphaProd) * (1 - alphaProdPrevious));
        weightOutput =
            Math.sqrt(alphaProd * (1 - alphaProdPrevious))
                - Math.sqrt(alphaProdPrevious * (1 - alphaProd));
      }
      try (StepScope scope = new StepScope(sample)) {
        NDArray x = scope.copy(sample);
        NDArray output = scope.modelOutput(modelOutput, sample, stepIndex, timestep(stepIndex));
        return scope.keep(x.mul((float) weightX).add(output.mul((float) weightOutput)));
      }
    }

    @Override
    public NDArray addNoise(NDArray original, NDArray noise, int stepIndex) {
      requireIndex(stepIndex);
      return noiseSchedule.addNoise(original, noise, timestep(stepIndex));
    }
  }
}
