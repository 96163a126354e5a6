package io.github.kolors4j.concepts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ProbabilityFlowTest {

  @Test
  void ofOneGaussianItIsTheKnownOne() {
    double deviation = 0.4;
    ProbabilityFlow flow = ProbabilityFlow.of(GaussianMixture.of(Points.of(0.5f, -1f), deviation));
    Points noise = Points.gaussian(20, 0);
    Points solved = flow.solve(noise, 29, 0.03);

    // z - centre shrinks as the noised deviation does
    double ratio = Math.hypot(deviation, 0.03) / Math.hypot(deviation, 29);
    for (int i = 0; i < noise.size(); i++) {
      double x = 0.5 + ratio * (noise.x(i) * Math.hypot(1, 29) - 0.5);
      double y = -1 + ratio * (noise.y(i) * Math.hypot(1, 29) + 1);
      assertThat((double) solved.x(i)).isCloseTo(x / Math.hypot(1, 0.03), within(1e-6));
      assertThat((double) solved.y(i)).isCloseTo(y / Math.hypot(1, 0.03), within(1e-6));
    }
  }

  @Test
  void itRunsBackToWhereItCameFrom() {
    ProbabilityFlow flow = ProbabilityFlow.of(SamplerOrderTest.MIXTURE);
    Points points = SamplerOrderTest.MIXTURE.sample(20, 3);
    Points back = flow.solve(flow.solve(points, 0.01, 29), 29, 0.01);
    for (int i = 0; i < points.size(); i++) {
      assertThat(back.x(i)).isCloseTo(points.x(i), within(1e-3f)); // float32 in between
      assertThat(back.y(i)).isCloseTo(points.y(i), within(1e-3f));
    }
  }

  @Test
  void itTakesNoiseToTheDistribution() {
    GaussianMixture mixture = SamplerOrderTest.MIXTURE;
    Points noise = Points.gaussian(400, 5);
    Points drawn = ProbabilityFlow.of(mixture).solve(noise, 29, 1e-4);
    int onTheRight = 0;
    for (int i = 0; i < drawn.size(); i++) {
      onTheRight += drawn.x(i) > 0.75 && drawn.y(i) > 0 ? 1 : 0;
    }
    assertThat(onTheRight / 400.0).isCloseTo(0.3, within(4 * Math.sqrt(0.3 * 0.7 / 400)));
  }

  @Test
  void noNoiseAtAllIsNoLevelOfTheFlow() {
    ProbabilityFlow flow = ProbabilityFlow.of(SamplerOrderTest.MIXTURE);
    assertThatThrownBy(() -> flow.solve(Points.gaussian(1, 0), 29, 0))
        .hasMessageContaining("above 0");
  }
}
