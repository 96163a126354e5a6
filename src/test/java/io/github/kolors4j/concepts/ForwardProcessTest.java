package io.github.kolors4j.concepts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.scheduler.Sampling;
import io.github.kolors4j.scheduler.Scheduler;
import io.github.kolors4j.scheduler.SchedulerConfig;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardProcessTest {
  private static final int DRAWS = 40_000;

  private final ForwardProcess kolors = ForwardProcess.of(SchedulerConfig.kolors());

  /** Mean and variance of numbers, and how many there were. */
  private record Moments(double mean, double variance) {
    static Moments of(int count, IntToDoubleFunction value) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < count; i++) {
        sum += value.applyAsDouble(i);
        squares += value.applyAsDouble(i) * value.applyAsDouble(i);
      }
      double mean = sum / count;
      return new Moments(mean, squares / count - mean * mean);
    }
  }

  private static Points alike(double x, double y) {
    float[] coordinates = new float[2 * DRAWS];
    for (int i = 0; i < DRAWS; i++) {
      coordinates[2 * i] = (float) x;
      coordinates[2 * i + 1] = (float) y;
    }
    return Points.of(coordinates);
  }

  /** Four standard errors of a mean and of a variance of normal numbers. */
  private static void assertNormal(Moments drawn, double mean, double variance) {
    assertThat(drawn.mean()).isCloseTo(mean, within(4 * Math.sqrt(variance / DRAWS)));
    assertThat(drawn.variance()).isCloseTo(variance, within(4 * variance * Math.sqrt(2.0 / DRAWS)));
  }

  @Test
  void theChainAndTheClosedFormHaveTheSameMeanAndVariance() {
    List<Points> chain = kolors.chain(alike(1.5, -0.7), 299, 1);
    assertThat(chain).hasSize(301);
    for (int t : new int[] {0, 49, 299}) {
      double signal = Math.sqrt(kolors.alphaCumprod(t));
      double variance = 1 - kolors.alphaCumprod(t);
      for (Points cloud : List.of(chain.get(t + 1), kolors.jump(alike(1.5, -0.7), t, 2))) {
        assertNormal(Moments.of(DRAWS, cloud::x), 1.5 * signal, variance);
        assertNormal(Moments.of(DRAWS, cloud::y), -0.7 * signal, variance);
      }
    }
  }

  @Test
  void theLinksNoiseAndWhatTheyKeepMultiplyToTheSchedule() {
    double product = 1;
    for (int t = 0; t < kolors.timesteps(); t++) {
      product *= 1 - kolors.beta(t);
    }
    assertThat(product).isCloseTo(kolors.alphaCumprod(1099), within(1e-9));
    assertThat(kolors.beta(0)).isCloseTo(0.00085, within(1e-7));
    assertThat(kolors.beta(1099)).isCloseTo(0.014, within(1e-4)); // a quotient of two small floats
    assertThat(kolors.signalToNoise(0)).isCloseTo(0.99915 / 0.00085, within(0.1));
    assertThat(kolors.alphaCumprod(-1)).isEqualTo(1);
  }

  /** From a known start, of all chains that pass near a point, where were they one link before? */
  @Test
  void thePosteriorIsWhereChainsThatEndAtAPointCameFrom() {
    int t = 99;
    int earlier = 59;
    Points before = kolors.jump(alike(1, -1), earlier, 3);
    double alpha = kolors.alphaCumprod(t) / kolors.alphaCumprod(earlier);
    float[] noise = new TorchRandom(4).randn(DRAWS);
    double wanted = 1.1;
    double[] cameFrom = new double[DRAWS];
    double[] ended = new double[DRAWS];
    int near = 0;
    for (int i = 0; i < DRAWS; i++) {
      double now = Math.sqrt(alpha) * before.x(i) + Math.sqrt(1 - alpha) * noise[i];
      if (Math.abs(now - wanted) < 0.05) {
        ended[near] = now;
        cameFrom[near++] = before.x(i);
      }
    }
    assertThat(near).isGreaterThan(1500);
    Posterior posterior = kolors.posterior(t, earlier);
    Moments rest = Moments.of(near, i -> cameFrom[i] - posterior.mean(1, ended[i]));
    double deviation = Math.sqrt(posterior.variance());
    assertThat(rest.mean()).isCloseTo(0, within(4 * deviation / Math.sqrt(near)));
    assertThat(rest.variance())
        .isCloseTo(posterior.variance(), within(4 * posterior.variance() * Math.sqrt(2.0 / near)));
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 50, 550})
  void aStepOfTheDdpmSamplerIsADrawFromThePosterior(int steps) {
    SchedulerConfig config = SchedulerConfig.kolors().with("prediction_type", "sample");
    try (NDManager manager = NDManager.newBaseManager();
        Sampling sampling = Scheduler.of("DDPM", config).begin(steps)) {
      TorchRandom random = new TorchRandom(5);
      NDArray start = random.randn(manager, new Shape(64, 2));
      NDArray sample = random.randn(manager, new Shape(64, 2));
      NDArray epsilon = random.randn(manager, new Shape(64, 2));
      for (int i : new int[] {0, steps / 2, steps - 2}) {
        int t = (int) sampling.timesteps()[i];
        int earlier = (int) sampling.timesteps()[i + 1];
        NDArray stepped = sampling.step(start, i, sample, (shape, owner) -> epsilon.duplicate());
        NDArray drawn = kolors.posterior(t, earlier).draw(start, sample, epsilon);
        assertThat(stepped.sub(drawn).abs().max().getFloat()).isLessThan(2e-5f);
      }
    }
  }

  @Test
  void beforeTheFirstLinkNothingIsLeftToChance() {
    Posterior posterior = kolors.posterior(0);
    assertThat(posterior.variance()).isZero();
    assertThat(posterior.mean(0.7, 9)).isCloseTo(0.7, within(1e-12));
  }

  @Test
  void whatIsAskedOfANetworkSaysTheSameInAllThreeForms() {
    try (NDManager manager = NDManager.newBaseManager()) {
      TorchRandom random = new TorchRandom(6);
      NDArray start = random.randn(manager, new Shape(4, 3, 2));
      NDArray epsilon = random.randn(manager, new Shape(4, 3, 2));
      int[] timesteps = {0, 200, 500, 1099};
      NDArray sample = kolors.schedule().addNoise(start, epsilon, timesteps);
      for (SchedulerConfig.PredictionType type : SchedulerConfig.PredictionType.values()) {
        Prediction prediction = new Prediction(kolors, type);
        NDArray answer = prediction.target(start, epsilon, timesteps);
        // Near either end a float's rounding is divided by 0.03 or 0.06.
        assertClose(prediction.start(answer, sample, timesteps), start, 1e-4f);
        assertClose(prediction.epsilon(answer, sample, timesteps), epsilon, 1e-4f);
      }
    }
  }

  private static void assertClose(NDArray actual, NDArray expected, float tolerance) {
    assertThat(actual.getShape()).isEqualTo(expected.getShape());
    assertThat(actual.sub(expected).abs().max().getFloat()).isLessThan(tolerance);
  }

  @Test
  void theVelocityIsTheDerivativeAlongTheArcFromDataToNoise() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray start = manager.create(new float[] {2f}, new Shape(1, 1));
      NDArray epsilon = manager.create(new float[] {-1f}, new Shape(1, 1));
      double angle = Math.acos(Math.sqrt(kolors.alphaCumprod(400)));
      double ahead = Math.cos(angle + 1e-4) * 2 - Math.sin(angle + 1e-4);
      double behind = Math.cos(angle - 1e-4) * 2 - Math.sin(angle - 1e-4);
      Prediction velocity = new Prediction(kolors, SchedulerConfig.PredictionType.V_PREDICTION);
      assertThat((double) velocity.target(start, epsilon, 400).getFloat())
          .isCloseTo((ahead - behind) / 2e-4, within(1e-5));
    }
  }

  @Test
  void aTimestepOutsideIsAnErrorThatSaysWhichThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> kolors.beta(1100))
        .withMessageContaining("0 to 1099");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> kolors.posterior(5, 5))
        .withMessageContaining("-1 to 4");
  }

  @Test
  void theWayBackKeepsEveryStepAndFindsTheData() {
    Points centres = Points.of(-1f, 0f, 1f, 0.5f);
    GaussianMixture mixture = GaussianMixture.of(centres, 0.05);
    for (String sampler : List.of("DDPM", "DDIM", "Euler")) {
      Scheduler scheduler = Scheduler.of(sampler, SchedulerConfig.kolors());
      ReverseProcess back = new ReverseProcess(scheduler, 50, 7);
      List<Points> path =
          back.run(
              (x, t) -> mixture.epsilon(x, kolors.alphaCumprod((int) t)), Points.gaussian(200, 8));
      assertThat(path).hasSize(51);
      Points last = path.get(50);
      double[] distances = new double[last.size()];
      Arrays.setAll(
          distances,
          i ->
              Math.min(
                  Math.hypot(last.x(i) + 1, last.y(i)),
                  Math.hypot(last.x(i) - 1, last.y(i) - 0.5)));
      assertThat(Arrays.stream(distances).max().orElseThrow()).as(sampler).isLessThan(0.4);
    }
  }
}
