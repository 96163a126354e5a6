package io.github.kolors4j.scheduler;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.scheduler.SchedulerConfig.PredictionType;
import io.github.kolors4j.scheduler.SchedulerConfig.SigmaSchedule;

/**
 * DPM-Solver++(2M) for models in the formulation of EDM: noise levels between two given ones, not
 * those of training, a model that is told a quarter of their logarithm as its timestep, and whose
 * output is the picture only after it is mixed with the sample.
 *
 * <p>Karras et al. 2022, "Elucidating the Design Space of Diffusion-Based Generative Models", table
 * 1; Lu et al. 2022, "DPM-Solver++", algorithm 2, midpoint form; diffusers 0.35.2, {@code
 * schedulers/scheduling_edm_dpmsolver_multistep.py}. Kolors' page names it, but a model that was
 * trained to predict the noise at timesteps 0 to 1099, as Kolors is, takes all that it is told here
 * for timesteps with almost no noise.
 */
final class EDMDPMSolverMultistepScheduler extends Scheduler {

  private final boolean stochastic;

  /**
   * Uses the sigmas' least, greatest, data, schedule and rho of the configuration, its prediction
   * type, final sigma, algorithm type, solver order and {@code lower_order_final}.
   *
   * @throws IllegalArgumentException if the prediction type is {@code sample}, which the original
   *     does not have either
   */
  EDMDPMSolverMultistepScheduler(SchedulerConfig config) {
    super(config);
    if (config.predictionType() == PredictionType.SAMPLE) {
      throw new IllegalArgumentException(
          "'prediction_type' is sample, which EDMDPMSolverMultistepScheduler does not support: "
              + "choose another sampler, for example DPMSolverMultistepScheduler.");
    }
    stochastic = config.algorithmType() == SchedulerConfig.AlgorithmType.SDE_DPMSOLVER_PLUS_PLUS;
  }

  @Override
  public Sampling begin(int steps, double strength) {
    Spacing.requireSteps(config, steps);
    double[] sigmas = new double[steps + 1];
    double[] timesteps = new double[steps];
    double[] levels = levels(steps);
    for (int i = 0; i < steps; i++) {
      sigmas[i] = (float) levels[i];
      timesteps[i] = 0.25f * (float) Math.log(sigmas[i]);
    }
    boolean zero = config.finalSigmasType() == SchedulerConfig.FinalSigmasType.ZERO;
    sigmas[steps] = zero ? 0 : (float) config.sigmaMin();
    return new Run(timesteps, sigmas, Sampling.startIndex(steps, strength));
  }

  /** From the greatest noise level down to the least. */
  private double[] levels(int steps) {
    if (config.sigmaSchedule() == SigmaSchedule.KARRAS) {
      return NoiseSchedule.karrasSigmas(config.sigmaMax(), config.sigmaMin(), steps, config.rho());
    }
    double[] levels = Spacing.linspace(1, steps);
    for (int i = 0; i < steps; i++) {
      levels[i] = config.sigmaMax() * Math.pow(config.sigmaMin() / config.sigmaMax(), levels[i]);
    }
    return levels;
  }

  private final class Run extends Sampling {

    private final History predictions = new History(1);

    private Run(double[] timesteps, double[] sigmas, int startIndex) {
      super(timesteps, sigmas, startIndex);
    }

    @Override
    public double initNoiseSigma() {
      return Math.sqrt(config.sigmaMax() * config.sigmaMax() + 1);
    }

    @Override
    public NDArray scaleModelInput(NDArray sample, int stepIndex) {
      requireIndex(stepIndex);
      return sample.mul(1f / spread(sigma(stepIndex)));
    }

    @Override
    public NDArray step(NDArray modelOutput, int stepIndex, NDArray sample, NoiseSource noise) {
      requireIndex(stepIndex);
      predictions.requireNext(stepIndex);
      float sigmaT = sigma(stepIndex + 1);
      float sigmaS0 = sigma(stepIndex);
      float h = lambda(sigmaT) - lambda(sigmaS0);
      try (StepScope scope = new StepScope(sample)) {
        NDArray x = scope.copy(sample);
        NDArray output = scope.modelOutput(modelOutput, sample, stepIndex, timesteps()[stepIndex]);
        NDArray m0 = predictOriginal(output, x, sigmaS0);
        boolean firstOrder = predictions.size() == 0 || isLastOfLowerOrder(stepIndex);
        // The first derivative of the prediction, scaled to this step.
        NDArray d1 = null;
        if (!firstOrder && config.solverOrder() == 2) {
          float r0 = (lambda(sigmaS0) - lambda(sigma(stepIndex - 1))) / h;
          d1 = m0.sub(predictions.get(1)).mul(1f / r0);
        }
        float weight = 1f - (float) Math.exp(stochastic ? -2f * h : -h);
        float kept = sigmaT / sigmaS0 * (stochastic ? (float) Math.exp(-h) : 1f);
        NDArray prevSample = x.mul(kept).add(m0.mul(weight));
        if (d1 != null) {
          prevSample = prevSample.add(d1.mul(0.5f * weight));
        }
        if (stochastic) {
          float fresh = sigmaT * (float) Math.sqrt(weight);
          prevSample = prevSample.add(scope.draw(noise, sample.getShape()).mul(fresh));
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

    /**
     * The paper's preconditioning: {@code c_skip} of the sample and {@code c_out} of the output.
     */
    private NDArray predictOriginal(NDArray output, NDArray x, float sigma) {
      float data = (float) config.sigmaData();
      float skip = data * data / (sigma * sigma + data * data);
      float out = sigma * data / spread(sigma);
      boolean velocity = config.predictionType() == PredictionType.V_PREDICTION;
      return x.mul(skip).add(output.mul(velocity ? -out : out));
    }

    /** The sample's standard deviation at a noise level. */
    private float spread(float sigma) {
      float data = (float) config.sigmaData();
      return (float) Math.sqrt(sigma * sigma + data * data);
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

    @Override
    public void close() {
      predictions.close();
    }
  }

  /** Half the logarithm of the signal-to-noise ratio; the picture itself is never scaled. */
  private static float lambda(float sigma) {
    return -(float) Math.log(sigma);
  }
}
