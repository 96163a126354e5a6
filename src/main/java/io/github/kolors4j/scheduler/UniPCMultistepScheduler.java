package io.github.kolors4j.scheduler;

import ai.djl.ndarray.NDArray;

/**
 * UniPC: a predictor (UniP) makes the step; at the next step the model's answer there first
 * corrects it (UniC), which raises the order without a further call of the model.
 *
 * <p>Zhao et al. 2023, "UniPC: A Unified Predictor-Corrector Framework for Fast Sampling of
 * Diffusion Models", algorithms 5 to 8 with {@code B(h) = e^h - 1} (bh2) on the predicted picture;
 * diffusers 0.35.2, {@code schedulers/scheduling_unipc_multistep.py}. Deterministic.
 */
final class UniPCMultistepScheduler extends Scheduler {

  /**
   * Uses spacing, offset, prediction type, Karras sigmas, final sigma, solver order and {@code
   * lower_order_final} of the configuration.
   *
   * @throws IllegalArgumentException if a second-order step would end at no noise, where it is not
   *     defined
   */
  UniPCMultistepScheduler(SchedulerConfig config) {
    super(config);
    if (!config.lowerOrderFinal()
        && config.solverOrder() > 1
        && config.finalSigmasType() == SchedulerConfig.FinalSigmasType.ZERO) {
      throw new IllegalArgumentException(
          "'lower_order_final' is false and 'final_sigmas_type' zero: UniPC's last step is not "
              + "defined then. Set 'lower_order_final' to true or 'final_sigmas_type' to sigma_min.");
    }
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
      if (config.finalSigmasType() == SchedulerConfig.FinalSigmasType.SIGMA_MIN) {
        sigmas[steps] = sigmas[steps - 1];
      }
    }
    Spacing.requireDistinct(sigmas, config);
    return new Run(timesteps, sigmas, Sampling.startIndex(steps, strength));
  }

  private final class Run extends Sampling {

    private final History predictions = new History(2);
    private final History lastSample = new History(1);
    private int lastOrder;

    private Run(double[] timesteps, double[] sigmas, int startIndex) {
      super(timesteps, sigmas, startIndex);
    }

    @Override
    public NDArray step(NDArray modelOutput, int stepIndex, NDArray sample, NoiseSource noise) {
      requireIndex(stepIndex);
      predictions.requireNext(stepIndex);
      try (StepScope scope = new StepScope(sample)) {
        NDArray x = scope.copy(sample);
        NDArray output = scope.modelOutput(modelOutput, sample, stepIndex, timestep(stepIndex));
        NDArray m0 = predictOriginal(output, x, sigma(stepIndex));
        if (lastSample.size() > 0) {
          x = correct(scope, m0, stepIndex);
        }
        int order =
            Math.min(
                config.lowerOrderFinal()
                    ? Math.min(config.solverOrder(), steps() - stepIndex)
                    : config.solverOrder(),
                predictions.size() + 1);
        NDArray prevSample = predict(scope, x, m0, order, stepIndex);
        predictions.add(m0);
        predictions.stepMade(stepIndex);
        lastSample.add(x);
        lastOrder = order;
        return scope.keep(prevSample);
      }
    }

    private NDArray predictOriginal(NDArray output, NDArray x, float sigma) {
      float alpha = alpha(sigma);
      return switch (config.predictionType()) {
        case EPSILON -> x.sub(output.mul(sigma * alpha)).div(alpha);
        case V_PREDICTION -> x.mul(alpha).sub(output.mul(sigma * alpha));
        case SAMPLE -> output;
      };
    }

    /** UniP: from this step's sample and predictions to the next noise level. */
    private NDArray predict(StepScope scope, NDArray x, NDArray m0, int order, int stepIndex) {
      float sigmaT = sigma(stepIndex + 1);
      float sigmaS0 = sigma(stepIndex);
      float h = lambda(sigmaT) - lambda(sigmaS0);
      float expm1 = (float) Math.expm1(-h);
      NDArray linear = linear(x, m0, sigmaT, sigmaS0, expm1);
      if (order == 1) {
        return linear;
      }
      float r1 = (lambda(sigma(stepIndex - 1)) - lambda(sigmaS0)) / h;
      NDArray d1 = scope.copy(predictions.get(1)).sub(m0).div(r1);
      return linear.sub(d1.mul(0.5f).mul(alpha(sigmaT) * expm1));
    }

    /** UniC: makes the last step again, now knowing the prediction where it ends. */
    private NDArray correct(StepScope scope, NDArray prediction, int stepIndex) {
      float sigmaT = sigma(stepIndex);
      float sigmaS0 = sigma(stepIndex - 1);
      float h = lambda(sigmaT) - lambda(sigmaS0);
      float expm1 = (float) Math.expm1(-h);
      NDArray x = scope.copy(lastSample.get(1));
      NDArray m0 = scope.copy(predictions.get(1));
      NDArray linear = linear(x, m0, sigmaT, sigmaS0, expm1);
      NDArray dT = prediction.sub(m0);
      NDArray correction;
      if (lastOrder == 1) {
        correction = dT.mul(0.5f);
      } else {
        float r1 = (lambda(sigma(stepIndex - 2)) - lambda(sigmaS0)) / h;
        NDArray d1 = scope.copy(predictions.get(2)).sub(m0).div(r1);
        // The weights solve  rho1 + rhoT = b1,  r1 rho1 + rhoT = b2.
        float phi2 = expm1 / -h - 1f;
        float b1 = phi2 / expm1;
        float b2 = (phi2 / -h - 0.5f) * 2f / expm1;
        float rhoT = (b2 - r1 * b1) / (1f - r1);
        float rho1 = b1 - rhoT;
        correction = d1.mul(rho1).add(dT.mul(rhoT));
      }
      return linear.sub(correction.mul(alpha(sigmaT) * expm1));
    }

    /** The step as if the predicted picture {@code m0} stayed the same all the way. */
    private NDArray linear(NDArray x, NDArray m0, float sigmaT, float sigmaS0, float expm1) {
      float relativeSigma = (sigmaT * alpha(sigmaT)) / (sigmaS0 * alpha(sigmaS0));
      return x.mul(relativeSigma).sub(m0.mul(alpha(sigmaT) * expm1));
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
      lastSample.close();
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
}
