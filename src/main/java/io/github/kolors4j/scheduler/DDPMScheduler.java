package io.github.kolors4j.scheduler;

import ai.djl.ndarray.NDArray;

/**
 * DDPM: draw from the posterior of the previous timestep, given the sample and the predicted clean
 * picture.
 *
 * <p>Ho et al. 2020, "Denoising Diffusion Probabilistic Models", algorithm 2 and formula 7;
 * diffusers 0.35.2, {@code schedulers/scheduling_ddpm.py}. Draws noise at every step but one at
 * timestep 0.
 */
final class DDPMScheduler extends Scheduler {

  /** Uses spacing, offset, prediction type, clipping and variance type of the configuration. */
  DDPMScheduler(SchedulerConfig config) {
    super(config);
  }

  @Override
  public Sampling begin(int steps, double strength) {
    double[] timesteps = Spacing.timesteps(config, steps);
    Spacing.requireTrained(timesteps, config);
    double[] sigmas = noiseSchedule.sigmas(timesteps, 0f);
    return new Run(timesteps, sigmas, Sampling.startIndex(steps, strength));
  }

  private final class Run extends Sampling {

    private Run(double[] timesteps, double[] sigmas, int startIndex) {
      super(timesteps, sigmas, startIndex);
    }

    @Override
    public NDArray step(NDArray modelOutput, int stepIndex, NDArray sample, NoiseSource noise) {
      requireIndex(stepIndex);
      int timestep = timestep(stepIndex);
      boolean last = stepIndex == steps() - 1;
      float alphaProd = noiseSchedule.alphaCumprod(timestep);
      float alphaProdPrevious = last ? 1f : noiseSchedule.alphaCumprod(timestep(stepIndex + 1));
      float betaProd = 1f - alphaProd;
      float betaProdPrevious = 1f - alphaProdPrevious;
      float currentAlpha = alphaProd / alphaProdPrevious;
      float currentBeta = 1f - currentAlpha;
      try (StepScope scope = new StepScope(sample)) {
        NDArray x = scope.copy(sample);
        NDArray output = scope.modelOutput(modelOutput, sample, stepIndex, timestep);
        NDArray predictedOriginal =
            switch (config.predictionType()) {
              case EPSILON ->
                  x.sub(output.mul((float) Math.sqrt(betaProd))).div((float) Math.sqrt(alphaProd));
              case V_PREDICTION ->
                  x.mul((float) Math.sqrt(alphaProd)).sub(output.mul((float) Math.sqrt(betaProd)));
              case SAMPLE -> output;
            };
        if (config.clipSample()) {
          predictedOriginal =
              predictedOriginal.clip(-config.clipSampleRange(), config.clipSampleRange());
        }
        float originalCoefficient = (float) Math.sqrt(alphaProdPrevious) * currentBeta / betaProd;
        float sampleCoefficient = (float) Math.sqrt(currentAlpha) * betaProdPrevious / betaProd;
        NDArray prevSample =
            predictedOriginal.mul(originalCoefficient).add(x.mul(sampleCoefficient));
        if (timestep > 0) {
          float variance =
              switch (config.varianceType()) {
                case FIXED_SMALL -> Math.max(betaProdPrevious / betaProd * currentBeta, 1e-20f);
                case FIXED_LARGE -> currentBeta;
              };
          NDArray fresh = scope.draw(noise, sample.getShape());
          prevSample = prevSample.add(fresh.mul((float) Math.sqrt(variance)));
        }
        return scope.keep(prevSample);
      }
    }

    @Override
    public NDArray addNoise(NDArray original, NDArray noise, int stepIndex) {
      requireIndex(stepIndex);
      return noiseSchedule.addNoise(original, noise, timestep(stepIndex));
    }
  }
}
