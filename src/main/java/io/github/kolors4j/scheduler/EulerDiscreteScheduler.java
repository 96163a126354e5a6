package io.github.kolors4j.scheduler;

import ai.djl.ndarray.NDArray;

/**
 * Euler's method on the probability-flow differential equation: follow the slope {@code (x - x_0) /
 * sigma} down to the next noise level.
 *
 * <p>Karras et al. 2022, "Elucidating the Design Space of Diffusion-Based Generative Models",
 * algorithm 1 without the second-order correction; diffusers 0.35.2, {@code
 * schedulers/scheduling_euler_discrete.py}. This is Kolors' own sampler. Deterministic; samples are
 * as large as their noise, so the model's input is scaled.
 */
final class EulerDiscreteScheduler extends Scheduler {

  /** Uses spacing, offset, prediction type, Karras sigmas and final sigma of the configuration. */
  EulerDiscreteScheduler(SchedulerConfig config) {
    super(config);
  }

  @Override
  public Sampling begin(int steps, double strength) {
    double[] timesteps = Spacing.fractionalTimesteps(config, steps);
    double[] sigmas = noiseSchedule.sigmas(timesteps, config.finalSigma(noiseSchedule));
    if (config.useKarrasSigmas()) {
      double sigmaMax = noiseSchedule.sigma(timesteps[0]);
      double sigmaMin = noiseSchedule.sigma(timesteps[steps - 1]);
      double[] karras = NoiseSchedule.karrasSigmas(sigmaMax, sigmaMin, steps);
      for (int i = 0; i < steps; i++) {
        timesteps[i] = (float) noiseSchedule.timestep(karras[i]);
        sigmas[i] = (float) karras[i];
      }
    }
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
      float sigmaNext = sigma(stepIndex + 1);
      try (StepScope scope = new StepScope(sample)) {
        NDArray x = scope.copy(sample);
        NDArray output = scope.modelOutput(modelOutput, sample, stepIndex, timestep(stepIndex));
        NDArray predictedOriginal =
            switch (config.predictionType()) {
              case EPSILON -> x.sub(output.mul(sigma));
              case V_PREDICTION ->
                  output
                      .mul(-sigma / (float) Math.sqrt(sigma * sigma + 1f))
                      .add(x.div(sigma * sigma + 1f));
              case SAMPLE -> output;
            };
        NDArray derivative = x.sub(predictedOriginal).div(sigma);
        return scope.keep(x.add(derivative.mul(sigmaNext - sigma)));
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
