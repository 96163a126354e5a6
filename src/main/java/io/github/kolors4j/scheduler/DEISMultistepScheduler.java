package io.github.kolors4j.scheduler;

import ai.djl.ndarray.NDArray;

/**
 * DEIS: an exponential integrator whose predicted noise is a polynomial in {@code log(rho)} through
 * this step and the one before, where rho is the noise level sigma; its integral is exact.
 *
 * <p>Zhang and Chen 2022, "Fast Sampling of Diffusion Models with Exponential Integrator",
 * log-rho-AB form; diffusers 0.35.2, {@code schedulers/scheduling_deis_multistep.py}.
 * Deterministic. The last step ends at the lowest noise level of training, not at none.
 */
final class DEISMultistepScheduler extends Scheduler {

  /**
   * Uses spacing, offset, prediction type, Karras sigmas, solver order and {@code
   * lower_order_final} of the configuration.
   */
  DEISMultistepScheduler(SchedulerConfig config) {
    super(config);
  }

  @Override
  public Sampling begin(int steps, double strength) {
    double[] timesteps = Spacing.multistepTimesteps(config, steps);
    double[] sigmas = noiseSchedule.sigmas(timesteps, noiseSchedule.sigma(0));
    if (config.useKarrasSigmas()) {
      double sigmaMax = noiseSchedule.sigma(config.numTrainTimesteps() - 1);
      double[] karras = NoiseSchedule.karrasSigmas(sigmaMax, noiseSchedule.sigma(0), steps);
      for (int i = 0; i < steps; i++) {
        timesteps[i] = Math.rint(noiseSchedule.timestep(karras[i]));
        sigmas[i] = (float) karras[i];
      }
      sigmas[steps] = sigmas[steps - 1];
    }
    Spacing.requireDistinct(sigmas, config);
    return new Run(timesteps, sigmas, Sampling.startIndex(steps, strength));
  }

  private final class Run extends Sampling {

    private final History epsilons = new History(1);

    private Run(double[] timesteps, double[] sigmas, int startIndex) {
      super(timesteps, sigmas, startIndex);
    }

    @Override
    public NDArray step(NDArray modelOutput, int stepIndex, NDArray sample, NoiseSource noise) {
      requireIndex(stepIndex);
      epsilons.requireNext(stepIndex);
      try (StepScope scope = new StepScope(sample)) {
        NDArray x = scope.copy(sample);
        NDArray output = scope.modelOutput(modelOutput, sample, stepIndex, timestep(stepIndex));
        NDArray m0 = predictEpsilon(output, x, sigma(stepIndex));
        boolean lowerOrder = stepIndex == steps() - 1 && config.lowerOrderFinal() && steps() < 15;
        NDArray prevSample =
            config.solverOrder() == 1 || epsilons.size() == 0 || lowerOrder
                ? firstOrder(x, m0, stepIndex)
                : secondOrder(x, m0, scope.copy(epsilons.get(1)), stepIndex);
        epsilons.add(m0);
        epsilons.stepMade(stepIndex);
        return scope.keep(prevSample);
      }
    }

    private NDArray predictEpsilon(NDArray output, NDArray x, float sigma) {
      float alpha = alpha(sigma);
      NDArray predictedOriginal =
          switch (config.predictionType()) {
            case EPSILON -> x.sub(output.mul(sigma * alpha)).div(alpha);
            case V_PREDICTION -> x.mul(alpha).sub(output.mul(sigma * alpha));
            case SAMPLE -> output;
          };
      return x.sub(predictedOriginal.mul(alpha)).div(sigma * alpha);
    }

    private NDArray firstOrder(NDArray x, NDArray m0, int stepIndex) {
      float sigmaT = sigma(stepIndex + 1);
      float sigmaS = sigma(stepIndex);
      float h = lambda(sigmaT) - lambda(sigmaS);
      float weight = sigmaT * alpha(sigmaT) * ((float) Math.exp(h) - 1f);
      return x.mul(alpha(sigmaT) / alpha(sigmaS)).sub(m0.mul(weight));
    }

    private NDArray secondOrder(NDArray x, NDArray m0, NDArray m1, int stepIndex) {
      float rhoT = rho(sigma(stepIndex + 1));
      float rhoS0 = rho(sigma(stepIndex));
      float rhoS1 = rho(sigma(stepIndex - 1));
      float coefficient0 = integral(rhoT, rhoS0, rhoS1) - integral(rhoS0, rhoS0, rhoS1);
      float coefficient1 = integral(rhoT, rhoS1, rhoS0) - integral(rhoS0, rhoS1, rhoS0);
      return x.div(alpha(sigma(stepIndex)))
          .add(m0.mul(coefficient0))
          .add(m1.mul(coefficient1))
          .mul(alpha(sigma(stepIndex + 1)));
    }

    @Override
    public NDArray addNoise(NDArray original, NDArray noise, int stepIndex) {
      requireIndex(stepIndex);
      StepScope.requireSameShape("noise", noise, original);
      float sigma = sigma(stepIndex);
      try (StepScope scope = new StepScope(original)) {
        NDArray signal = scope.copy(original).mul(alpha(sigma));
        return scope.keep(signal.add(scope.copy(noise).mul(sigma * alpha(sigma))));
      }
    }

    @Override
    public void close() {
      epsilons.close();
    }
  }

  /** Integral over t of {@code (log t - log c) / (log b - log c)}, Lagrange's polynomial. */
  private static float integral(float t, float b, float c) {
    return t * (-log(c) + log(t) - 1f) / (log(b) - log(c));
  }

  /** The signal's share at a noise level; the noise's is {@code sigma * alpha(sigma)}. */
  private static float alpha(float sigma) {
    return 1f / (float) Math.sqrt(sigma * sigma + 1f);
  }

  /** The noise level again, rounded as the original rounds it. */
  private static float rho(float sigma) {
    return sigma * alpha(sigma) / alpha(sigma);
  }

  private static float lambda(float sigma) {
    return log(alpha(sigma)) - log(sigma * alpha(sigma));
  }

  private static float log(float x) {
    return (float) Math.log(x);
  }
}
