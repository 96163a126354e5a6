package io.github.kolors4j.scheduler;

import ai.djl.ndarray.NDArray;

/**
 * DPM-Solver++(2M): solve the diffusion equation exactly in its linear part, and in {@code lambda =
 * log(alpha / sigma)} extrapolate the predicted picture from this step and the one before.
 *
 * <p>Lu et al. 2022, "DPM-Solver++: Fast Solver for Guided Sampling of Diffusion Probabilistic
 * Models", algorithm 2, midpoint form; diffusers 0.35.2, {@code
 * schedulers/scheduling_dpmsolver_multistep.py}. With {@code algorithm_type} {@code
 * sde-dpmsolver++} it solves the stochastic equation instead and draws noise at every step; with
 * {@code use_karras_sigmas} too, this is what other programs call "DPM++ 2M SDE Karras".
 */
final class DPMSolverMultistepScheduler extends Scheduler {

  private final boolean stochastic;

  /**
   * Uses spacing, offset, prediction type, Karras sigmas, final sigma, algorithm type, solver order
   * and {@code lower_order_final} of the configuration.
   */
  DPMSolverMultistepScheduler(SchedulerConfig config) {
    super(config);
    this.stochastic =
        config.algorithmType() == SchedulerConfig.AlgorithmType.SDE_DPMSOLVER_PLUS_PLUS;
  }

  @Override
  public Sampling begin(int steps, double strength) {
    double[] timesteps = Spacing.multistepTimesteps(config, steps);
    double[] sigmas = noiseSchedule.sigmas(timesteps, config.finalSigma(noiseSchedule));
    if (config.useKarrasSigmas()) {
      double sigmaMax = noiseSchedule.sigma(config.numTrainTimesteps() - 1);
      double[] karras = NoiseSchedule.karrasSigmas(sigmaMax, noiseSchedule.sigma(0), steps);
      for (int i = 0; i < steps; i++) {
        timesteps[i] = Math.rint(noiseSchedule.timestep(karras[i]));
        sigmas[i] = (float) karras[i];
      }
    }
    Spacing.requireDistinct(sigmas, config);
    return new Run(timesteps, sigmas, Sampling.startIndex(steps, strength));
  }

  private final class Run extends Sampling {

    private final History predictions = new History(1);

    private Run(double[] timesteps, double[] sigmas, int startIndex) {
      super(timesteps, sigmas, startIndex);
    }

    @Override
    public NDArray step(NDArray modelOutput, int stepIndex, NDArray sample, NoiseSource noise) {
      requireIndex(stepIndex);
      predictions.requireNext(stepIndex);
      float sigmaT = sigma(stepIndex + 1);
      float sigmaS0 = sigma(stepIndex);
      float h = lambda(sigmaT) - lambda(sigmaS0);
      float relativeSigma = (sigmaT * alpha(sigmaT)) / (sigmaS0 * alpha(sigmaS0));
      try (StepScope scope = new StepScope(sample)) {
        NDArray x = scope.copy(sample);
        NDArray output = scope.modelOutput(modelOutput, sample, stepIndex, timestep(stepIndex));
        NDArray m0 = predictOriginal(output, x, sigmaS0);
        boolean firstOrder = predictions.size() == 0 || isLastOfLowerOrder(stepIndex);
        // The first derivative of the prediction, scaled to this step.
        NDArray d1 = null;
        if (!firstOrder && config.solverOrder() == 2) {
          float r0 = (lambda(sigmaS0) - lambda(sigma(stepIndex - 1))) / h;
          d1 = m0.sub(predictions.get(1)).mul(1f / r0);
        }
        NDArray prevSample;
        if (stochastic) {
          float weight = alpha(sigmaT) * (1f - exp(-2f * h));
          prevSample = x.mul(relativeSigma * exp(-h)).add(m0.mul(weight));
          if (d1 != null) {
            prevSample = prevSample.add(d1.mul(0.5f * weight));
          }
          float spread = sigmaT * alpha(sigmaT) * (float) Math.sqrt(1f - exp(-2f * h));
          prevSample = prevSample.add(scope.draw(noise, sample.getShape()).mul(spread));
        } else {
          float weight = alpha(sigmaT) * (exp(-h) - 1f);
          prevSample = x.mul(relativeSigma).sub(m0.mul(weight));
          if (d1 != null) {
            prevSample = prevSample.sub(d1.mul(0.5f * weight));
          }
        }
        predictions.add(m0);
        predictions.stepMade(stepIndex);
        return scope.keep(prevSample);
      }
    }

    /** At no noise lambda is infinite, so a step that ends there must be a first-order one. */
    private boolean isLastOfLowerOrder(int stepIndex) {
      return stepIndex == steps() - 1
          && (sigma(stepIndex + 1) == 0f || (config.lowerOrderFinal() && steps() < 15));
    }

    private NDArray predictOriginal(NDArray output, NDArray x, float sigma) {
      float alpha = alpha(sigma);
      return switch (config.predictionType()) {
        case EPSILON -> x.sub(output.mul(sigma * alpha)).div(alpha);
        case V_PREDICTION -> x.mul(alpha).sub(output.mul(sigma * alpha));
        case SAMPLE -> output;
      };
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
      predictions.close();
    }
  }

  /** The signal's share at a noise level; the noise's is {@code sigma * alpha(sigma)}. */
  private static float alpha(float sigma) {
    return 1f / (float) Math.sqrt(sigma * sigma + 1f);
  }

  /** Half the logarithm of the signal-to-noise ratio; infinite without noise. */
  private static float lambda(float sigma) {
    float alpha = alpha(sigma);
    return (float) Math.log(alpha) - (float) Math.log(sigma * alpha);
  }

  private static float exp(float x) {
    return (float) Math.exp(x);
  }
}
