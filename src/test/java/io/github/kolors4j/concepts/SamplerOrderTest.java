package io.github.kolors4j.concepts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.scheduler.NoiseSchedule;
import io.github.kolors4j.scheduler.Sampling;
import io.github.kolors4j.scheduler.Scheduler;
import io.github.kolors4j.scheduler.SchedulerConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * With the exact score, and noise levels whose ends do not depend on the number of steps, each
 * sampler has the order that its paper says; and what hides the order in practice does.
 */
class SamplerOrderTest {
  static final GaussianMixture MIXTURE =
      GaussianMixture.of(
          Points.of(-1f, 0.6f, 1.2f, 0.8f, 0.3f, -1.2f),
          new double[] {0.3, 0.2, 0.25},
          new double[] {0.4, 0.3, 0.3});

  private static final SchedulerConfig KOLORS = SchedulerConfig.kolors();

  /** From the last timestep to the first, densest at the low noise. */
  private static final SchedulerConfig KARRAS =
      KOLORS.with("timestep_spacing", "linspace").with("use_karras_sigmas", true);

  private static final NoiseSchedule SCHEDULE = new NoiseSchedule(KOLORS);
  private static final double SIGMA_MAX = SCHEDULE.sigma(1099);
  private static final double SIGMA_MIN = SCHEDULE.sigma(0);
  private static final int[] STEPS = {20, 40, 80, 160};

  private static final NoisePredictor EXACT = NoisePredictor.atLevel(SamplerOrderTest::epsilon);

  private static final Points NOISE = Points.gaussian(100, 0);
  private static Points atSigmaMin;
  private static Points afterTheLastStep;

  @BeforeAll
  static void solve() {
    atSigmaMin = ProbabilityFlow.of(MIXTURE).solve(NOISE, SIGMA_MAX, SIGMA_MIN);
    // what all samplers do at the end, in one step: the picture that is in view at the lowest level
    double spread = Math.hypot(1, SIGMA_MIN);
    afterTheLastStep =
        atSigmaMin.through(x -> x.mul(spread).sub(epsilon(x, SIGMA_MIN).mul(SIGMA_MIN)));
  }

  @ParameterizedTest
  @CsvSource({
    "Euler, 1.0, 0.1",
    "DPM++ 2M, 2.0, 0.2",
    "UniPC, 2.7, 0.3",
  })
  void withTheExactScoreASamplerHasItsOrder(String sampler, double order, double tolerance) {
    Convergence curve = measure(sampler, KARRAS, EXACT, afterTheLastStep);
    assertThat(curve.order()).isCloseTo(order, within(tolerance));
  }

  @Test
  void deisComesNearOrder2UpToTheLowestNoiseLevelWhereItEnds() {
    Convergence curve =
        Convergence.measure(
            "DEIS",
            new int[] {80, 160, 320},
            steps -> distance(draw("DEIS", KARRAS, steps, EXACT), atSigmaMin));
    assertThat(curve.order()).isBetween(1.75, 2.1);
  }

  @Test
  void ddimIsOfOrder1WhereTheStepsDivideTheTimesteps() {
    SchedulerConfig trailing = KOLORS.with("timestep_spacing", "trailing");
    Convergence curve =
        Convergence.measure(
            "DDIM",
            new int[] {20, 44, 110, 220},
            steps -> distance(draw("DDIM", trailing, steps, EXACT), atSigmaMin));
    assertThat(curve.order()).isCloseTo(1, within(0.15));
  }

  @Test
  void edmIsOfOrder2IfItIsToldTheNoiseInItsOwnTerms() {
    SchedulerConfig edm =
        KARRAS
            .with("_class_name", "EDMDPMSolverMultistepScheduler")
            .with("sigma_min", SIGMA_MIN)
            .with("sigma_max", SIGMA_MAX)
            .with("sigma_data", 1);
    // What EDM mixes with the sample, from the noise: F = sigma · input - sqrt(1 + sigma²) ·
    // epsilon
    NoisePredictor inItsTerms =
        NoisePredictor.atLevel(
            (x, sigma) -> x.mul(sigma).sub(epsilon(x, sigma).mul(Math.hypot(1, sigma))));
    Convergence curve = measure("EDM DPM++ 2M", edm, inItsTerms, afterTheLastStep);
    assertThat(curve.order()).isCloseTo(2, within(0.2));

    Points drawn = draw("EDM DPM++ 2M", edm, 80, EXACT);
    assertThat(distance(drawn, afterTheLastStep)).as("told the noise itself").isGreaterThan(0.5);
  }

  @Test
  void roundedTimestepsLeaveAnErrorThatNoNumberOfStepsTakesAway() {
    NoisePredictor told =
        (x, timestep) -> MIXTURE.epsilon(x, SCHEDULE.alphaCumprod((int) timestep));
    Convergence exact = measure("UniPC", KARRAS, EXACT, afterTheLastStep);
    Convergence rounded = measure("UniPC", KARRAS, told, afterTheLastStep);
    assertThat(rounded.errors()[0]).isCloseTo(exact.errors()[0], within(0.1 * exact.errors()[0]));
    assertThat(rounded.errors()[3]).isGreaterThan(3 * exact.errors()[3]);
    assertThat(rounded.errors()[3]).isLessThan(1e-3);
  }

  @Test
  void withEqualStepsOfTimeTheLastStepHidesTheOrder() {
    Points end = ProbabilityFlow.of(MIXTURE).solve(NOISE, SIGMA_MAX, 1e-4);
    SchedulerConfig trailing = KOLORS.with("timestep_spacing", "trailing");
    assertThat(measure("DPM++ 2M", trailing, EXACT, end).order()).isBetween(0.5, 1.2);
  }

  @Test
  void samplersThatDrawNoiseDoNotConvergeToOnePoint() {
    for (String sampler : new String[] {"Euler a", "DPM++ 2M SDE Karras", "DDPM"}) {
      Convergence curve = measure(sampler, KARRAS, EXACT, afterTheLastStep);
      assertThat(curve.errors()[3]).as(sampler).isGreaterThan(0.5);
    }
  }

  private static Convergence measure(
      String sampler, SchedulerConfig config, NoisePredictor predictor, Points reference) {
    return Convergence.measure(
        sampler, STEPS, steps -> distance(draw(sampler, config, steps, predictor), reference));
  }

  private static Points draw(
      String sampler, SchedulerConfig config, int steps, NoisePredictor predictor) {
    TorchRandom random = new TorchRandom(1);
    return NOISE.through(
        noise -> {
          try (Sampling sampling = Scheduler.of(sampler, config).begin(steps)) {
            // whatever a sampler's scale: the first thing that the model sees is the noise itself
            NDArray x = noise.div(sampling.scaleModelInput(noise.onesLike(), 0));
            for (int i = 0; i < steps; i++) {
              NDArray input = sampling.scaleModelInput(x, i);
              NDArray epsilon =
                  predictor.predict(input, sampling.timesteps()[i], sampling.sigmas()[i]);
              x = sampling.step(epsilon, i, x, (shape, owner) -> random.randn(owner, shape));
            }
            return x;
          }
        });
  }

  private static NDArray epsilon(NDArray x, double sigma) {
    return MIXTURE.epsilon(x, 1 / (1 + sigma * sigma));
  }

  /** Root of the mean squared distance. */
  private static double distance(Points drawn, Points reference) {
    double sum = 0;
    for (int i = 0; i < drawn.size(); i++) {
      sum += Math.pow(drawn.x(i) - reference.x(i), 2) + Math.pow(drawn.y(i) - reference.y(i), 2);
    }
    return Math.sqrt(sum / drawn.size());
  }
}
