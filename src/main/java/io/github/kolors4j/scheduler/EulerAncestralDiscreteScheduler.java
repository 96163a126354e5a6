package io.github.kolors4j.scheduler;

import ai.djl.ndarray.NDArray;

/**
 * Euler's method with ancestral noise: step a little below the next noise level ({@code sigmaDown})
 * and add fresh noise ({@code sigmaUp}) to come back to it.
 *
 * <p>Ancestral sampling as in k-diffusion ({@code sample_euler_ancestral}), after Song et al. 2021,
 * "Score-Based Generative Modeling through Stochastic Differential Equations"; diffusers 0.35.2,
 * {@code schedulers/scheduling_euler_ancestral_discrete.py}. Draws noise at every step, the last
 * included.
 */
final class EulerAncestralDiscreteScheduler extends Scheduler {

  /**
   * Uses spacing, offset and prediction type of the configuration; Karras sigmas and the final
   * sigma have no effect here, as in the original.
   *
   * @throws IllegalArgumentException if the prediction type is {@code sample}, which the original
   *     does not have either
   */
  EulerAncestralDiscreteScheduler(SchedulerConfig config) {
    super(config);
    if (config.predictionType() == SchedulerConfig.PredictionType.SAMPLE) {
      throw new IllegalArgumentException(
          "'prediction_type' is sample, which EulerAncestralDiscreteScheduler does not support: "
              + "choose another sampler, for example EulerDiscreteScheduler.");
    }
  }

  @Override
  public Sampling begin(int steps, double strength) {
    double[] timesteps = Spacing.fractionalTimesteps(config, steps);
    double[] sigmas = noiseSchedule.sigmas(timesteps, 0f);
    return new Run(timesteps, sigmas, Sampling.startIndex(steps, strength));
  }

  private final class Run extends Sampling {

    private Run(double[] timesteps, double[] sigmas, int startIndex) {
      super(timesteps, sigmas, startIndex);
    }

    @Override
    public double initNoiseSigma() {
      float sigmaMax = sigma(0);
      return config.timestepSpacing() == SchedulerConfig.TimestepSpacing.LEADING
          ? (float) Math.sqrt(sigmaMax * sigmaMax + 1f)
          : sigmaMax;
    }

    @Override
    public NDArray scaleModelInput(NDArray sample, int stepIndex) {
      requireIndex(stepIndex);
      float sigma = sigma(stepIndex);
      return sample.div((float) Math.sqrt(sigma * sigma + 1f));
    }

    @Override
    public NDArray step(NDArray modelOutput, int stepIndex, NDArray sample, NoiseSource noise) {
      requireIndex(stepIndex);
      float sigma = sigma(stepIndex);
      float sigmaTo = sigma(stepIndex + 1);
      float sigmaUp =
          (float)
              Math.sqrt(sigmaTo * sigmaTo * (sigma * sigma - sigmaTo * sigmaTo) / (sigma * sigma));
      float sigmaDown = (float) Math.sqrt(sigmaTo * sigmaTo - sigmaUp * sigmaUp);
      try (StepScope scope = new StepScope(sample)) {
        NDArray x = scope.copy(sample);
        NDArray output = scope.modelOutput(modelOutput, sample, stepIndex, timestep(stepIndex));
        NDArray predictedOriginal =
            config.predictionType() == SchedulerConfig.PredictionType.EPSILON
                ? x.sub(output.mul(sigma))
                : output
                    .mul(-sigma / (float) Math.sqrt(sigma * sigma + 1f))
                    .add(x.div(sigma * sigma + 1f));
        NDArray derivative = x.sub(predictedOriginal).div(sigma);
        NDArray down = x.add(derivative.mul(sigmaDown - sigma));
        NDArray fresh = scope.draw(noise, sample.getShape());
        return scope.keep(down.add(fresh.mul(sigmaUp)));
      }
    }

    @Override
    public NDArray addNoise(NDArray original, NDArray noise, int stepIndex) {
      requireIndex(stepIndex);
      StepScope.requireSameShape("noise", noise, original);
      try (StepScope scope = new StepScope(original)) {
        NDArray scaledNoise = scope.copy(noise).mul(sigma(stepIndex));
        return scope.keep(scaledNoise.add(original));
      }
    }
  }
}
