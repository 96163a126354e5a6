package io.github.kolors4j.scheduler;

import ai.djl.ndarray.NDArray;

/**
 * DDIM: predict the clean picture, then noise it again to the previous timestep's level in the
 * predicted direction, with a share {@code eta} of that noise drawn fresh.
 *
 * <p>Song et al. 2020, "Denoising Diffusion Implicit Models", formulas 12 and 16; diffusers 0.35.2,
 * {@code schedulers/scheduling_ddim.py}. Deterministic for eta 0.
 */
final class DDIMScheduler extends Scheduler {

  private final float eta;

  /** The deterministic sampler, eta 0. */
  DDIMScheduler(SchedulerConfig config) {
    this(config, 0);
  }

  /**
   * Uses spacing, offset, prediction type, clipping and {@code set_alpha_to_one} of the
   * configuration.
   *
   * @param eta the share of fresh noise, in [0, 1]; 1 is as random as DDPM
   */
  DDIMScheduler(SchedulerConfig config, double eta) {
    super(config);
    if (!(eta >= 0 && eta <= 1)) {
      throw new IllegalArgumentException("eta must be in [0, 1]; got " + eta + ".");
    }
    this.eta = (float) eta;
  }

  @Override
  public Sampling begin(int steps, double strength) {
    double[] timesteps = Spacing.timesteps(config, steps);
    Spacing.requireTrained(timesteps, config);
    float finalAlpha = config.setAlphaToOne() ? 1f : noiseSchedule.alphaCumprod(0);
    double[] sigmas =
        noiseSchedule.sigmas(timesteps, (float) Math.sqrt((1f - finalAlpha) / finalAlpha));
    return new Run(
        timesteps,
        sigmas,
        Sampling.startIndex(steps, strength),
        config.numTrainTimesteps() / steps,
        finalAlpha);
  }

  private final class Run extends Sampling {

    private final int stride;
    private final float finalAlphaCumprod;

    private Run(
        double[] timesteps, double[] sigmas, int startIndex, int stride, float finalAlphaCumprod) {
      super(timesteps, sigmas, startIndex);
      this.stride = stride;
      this.finalAlphaCumprod = finalAlphaCumprod;
    }

    @Override
    public NDArray step(NDArray modelOutput, int stepIndex, NDArray sample, NoiseSource noise) {
      requireIndex(stepIndex);
      int timestep = timestep(stepIndex);
      // The original steps by a fixed stride, whatever the next timestep of the schedule is.
      int previous = timestep - stride;
      float alphaProd = noiseSchedule.alphaCumprod(timestep);
      float alphaProdPrevious =
          previous >= 0 ? noiseSchedule.alphaCumprod(previous) : finalAlphaCumprod;
      float betaProd = 1f - alphaProd;
      float sqrtAlphaProd = (float) Math.sqrt(alphaProd);
      float sqrtBetaProd = (float) Math.sqrt(betaProd);
      float variance = (1f - alphaProdPrevious) / betaProd * (1f - alphaProd / alphaProdPrevious);
      float sigma = eta * (float) Math.sqrt(variance);
      try (StepScope scope = new StepScope(sample)) {
        NDArray x = scope.copy(sample);
        NDArray output = scope.modelOutput(modelOutput, sample, stepIndex, timestep);
        NDArray predictedOriginal;
        NDArray predictedEpsilon;
        switch (config.predictionType()) {
          case EPSILON -> {
            predictedOriginal = x.sub(output.mul(sqrtBetaProd)).div(sqrtAlphaProd);
            predictedEpsilon = output;
          }
          case SAMPLE -> {
            predictedOriginal = output;
            predictedEpsilon = x.sub(output.mul(sqrtAlphaProd)).div(sqrtBetaProd);
          }
          case V_PREDICTION -> {
            predictedOriginal = x.mul(sqrtAlphaProd).sub(output.mul(sqrtBetaProd));
            predictedEpsilon = output.mul(sqrtAlphaProd).add(x.mul(sqrtBetaProd));
          }
          default -> throw new IllegalStateException("No such prediction type.");
        }
        if (config.clipSample()) {
          predictedOriginal =
              predictedOriginal.clip(-config.clipSampleRange(), config.clipSampleRange());
        }
        NDArray direction =
            predictedEpsilon.mul((float) Math.sqrt(1f - alphaProdPrevious - sigma * sigma));
        NDArray prevSample =
            predictedOriginal.mul((float) Math.sqrt(alphaProdPrevious)).add(direction);
        if (eta > 0) {
          prevSample = prevSample.add(scope.draw(noise, sample.getShape()).mul(sigma));
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
