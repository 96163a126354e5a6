package io.github.kolors4j.concepts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;

class GaussianMixtureTest {
  private final GaussianMixture mixture =
      GaussianMixture.of(
          Points.of(-1f, 0.5f, 1.2f, 0f, 0f, -1f),
          new double[] {0.3, 0.5, 0.2},
          new double[] {1, 2, 1});

  @Test
  void aSingleNormalDistributionHasTheDensityAndTheScoreOfTheBook() {
    GaussianMixture normal = GaussianMixture.of(Points.of(1f, -2f), 0.5);
    assertThat(normal.logDensity(1, -2)).isCloseTo(-Math.log(2 * Math.PI * 0.25), within(1e-12));
    assertThat(normal.score(1.5, -2)).containsExactly(new double[] {-2, 0}, within(1e-12));
  }

  @Test
  void theScoreIsTheDensitysNumericalGradient() {
    for (GaussianMixture each : new GaussianMixture[] {mixture, mixture.noised(0.4)}) {
      for (double[] at : new double[][] {{0, 0}, {1, 0.2}, {-2, 2}, {0.1, -0.9}}) {
        double h = 1e-5;
        double dx = each.logDensity(at[0] + h, at[1]) - each.logDensity(at[0] - h, at[1]);
        double dy = each.logDensity(at[0], at[1] + h) - each.logDensity(at[0], at[1] - h);
        double[] score = each.score(at[0], at[1]);
        assertThat(score[0]).isCloseTo(dx / (2 * h), within(1e-5));
        assertThat(score[1]).isCloseTo(dy / (2 * h), within(1e-5));
      }
    }
  }

  @Test
  void theDensityIntegratesToOne() {
    double sum = 0;
    for (double x = -6; x < 6; x += 0.05) {
      for (double y = -6; y < 6; y += 0.05) {
        sum += 0.05 * 0.05 * Math.exp(mixture.noised(0.7).logDensity(x, y));
      }
    }
    assertThat(sum).isCloseTo(1, within(1e-6));
  }

  @Test
  void drawnPointsHaveTheMixturesMeanAndSpread() {
    Points drawn = mixture.sample(40_000, 1);
    double meanX = 0;
    double squaresX = 0;
    for (int i = 0; i < drawn.size(); i++) {
      meanX += drawn.x(i) / drawn.size();
      squaresX += drawn.x(i) * drawn.x(i) / drawn.size();
    }
    // mean (-1 + 2 · 1.2 + 0) / 4; second moment (1 + 0.09 + 2 · (1.44 + 0.25) + 0.04) / 4
    assertThat(meanX).isCloseTo(0.35, within(0.02));
    assertThat(squaresX).isCloseTo(1.1275, within(0.03));
  }

  /** The mean of the noise that is in a noisy point is what the best network would predict. */
  @Test
  void theBestPredictionIsTheMeanNoiseOfThePointsAround() {
    double alphaCumprod = 0.6;
    int n = 200_000;
    Points data = mixture.sample(n, 2);
    Points noise = Points.gaussian(n, 3);
    double sumX = 0;
    double sumY = 0;
    int near = 0;
    for (int i = 0; i < n; i++) {
      double x = Math.sqrt(alphaCumprod) * data.x(i) + Math.sqrt(1 - alphaCumprod) * noise.x(i);
      double y = Math.sqrt(alphaCumprod) * data.y(i) + Math.sqrt(1 - alphaCumprod) * noise.y(i);
      if (Math.hypot(x - 0.2, y - 0.3) < 0.1) {
        sumX += noise.x(i);
        sumY += noise.y(i);
        near++;
      }
    }
    assertThat(near).isGreaterThan(500);
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray at = Points.of(0.2f, 0.3f).toArray(manager);
      float[] best = mixture.epsilon(at, alphaCumprod).toFloatArray();
      assertThat(sumX / near).isCloseTo(best[0], within(0.12));
      assertThat(sumY / near).isCloseTo(best[1], within(0.12));
    }
  }

  @Test
  void arraysGiveWhatSinglePointsGive() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray at = Points.of(0f, 1f, -0.5f, 2f).toArray(manager);
      assertThat(mixture.logDensity(at).toFloatArray())
          .containsExactly((float) mixture.logDensity(0, 1), (float) mixture.logDensity(-0.5, 2));
      double[] score = mixture.score(-0.5, 2);
      assertThat(mixture.score(at).get(1).toFloatArray())
          .containsExactly((float) score[0], (float) score[1]);
    }
  }

  @Test
  void aMixtureWithoutWidthOrOfUnequalListsIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GaussianMixture.of(Points.of(0f, 0f), 0))
        .withMessageContaining("above 0");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> GaussianMixture.of(Points.of(0f, 0f), new double[] {1, 1}, new double[] {1}))
        .withMessageContaining("1 centres, 2 deviations");
  }
}
