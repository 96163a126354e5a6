package io.github.kolors4j.concepts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PointsTest {
  private static Arguments cloud(String name, LongFunction<Points> drawn) {
    return Arguments.of(name, drawn);
  }

  static Stream<Arguments> clouds() {
    return Stream.of(
        cloud("swirl", seed -> Points.swirl(20_000, seed)),
        cloud("moons", seed -> Points.moons(20_000, seed)),
        cloud("checkerboard", seed -> Points.checkerboard(20_000, seed)),
        cloud("ring", seed -> Points.ring(8, 20_000, seed)),
        cloud("gaussian", seed -> Points.gaussian(20_000, seed)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("clouds")
  void cloudsHaveMeanZeroAndDeviationOneAndComeFromTheirSeed(
      String name, LongFunction<Points> drawn) {
    Points points = drawn.apply(5);
    double[] sums = new double[4];
    for (int i = 0; i < points.size(); i++) {
      sums[0] += points.x(i);
      sums[1] += points.y(i);
      sums[2] += points.x(i) * points.x(i);
      sums[3] += points.y(i) * points.y(i);
    }

    assertThat(sums[0] / points.size()).isCloseTo(0, within(0.03));
    assertThat(sums[1] / points.size()).isCloseTo(0, within(0.03));
    assertThat(Math.sqrt(sums[2] / points.size())).isCloseTo(1, within(0.2));
    assertThat(Math.sqrt(sums[3] / points.size())).isCloseTo(1, within(0.2));
    assertThat(SlicedWasserstein.between(points, drawn.apply(5))).isZero();
    assertThat(SlicedWasserstein.between(points, drawn.apply(6))).isBetween(1e-4, 0.05);
  }

  /** (v · direction)² averaged over all directions is |v|² / 2. */
  @Test
  void aCloudMovedByAVectorIsItsLengthByRootTwoAway() {
    Points points = Points.moons(500, 0);
    float[] moved = new float[1000];
    for (int i = 0; i < 500; i++) {
      moved[2 * i] = points.x(i) + 0.3f;
      moved[2 * i + 1] = points.y(i) - 0.4f;
    }

    assertThat(SlicedWasserstein.between(points, Points.of(moved)))
        .isCloseTo(0.5 / Math.sqrt(2), within(1e-4));
  }

  /** Between normal distributions of deviations 1 and 2, each slice is 1. */
  @Test
  void aCloudTwiceAsWideIsOneDeviationAway() {
    Points one = Points.gaussian(20_000, 1);
    Points other = Points.gaussian(20_000, 2).through(x -> x.add(x));

    assertThat(SlicedWasserstein.between(one, other)).isCloseTo(1, within(0.02));
    assertThat(SlicedWasserstein.between(other, one))
        .isEqualTo(SlicedWasserstein.between(one, other));
  }

  @Test
  void theDistanceIsBetweenEquallyManyPoints() {
    assertThatThrownBy(() -> SlicedWasserstein.between(Points.moons(3, 0), Points.moons(4, 0)))
        .hasMessageContaining("not 3 and 4");
  }

  @Test
  void allModesOfTheRingAreCoveredByItself() {
    ModeCoverage coverage = ModeCoverage.of(Points.ring(8, 4000, 1), Points.ringCentres(8), 0.3);

    assertThat(coverage.covered()).isEqualTo(8);
    assertThat(coverage).hasToString("8/8");
    assertThat(coverage.atModes()).isCloseTo(1 - Math.exp(-4.5), within(0.01)); // three deviations
  }

  @Test
  void aModeWithFewerPointsThanAQuarterOfItsShareIsNotCovered() {
    Points centres = Points.of(0, 0, 2, 0);
    float[] enough = new float[16];
    enough[0] = 2; // one of eight points, where four would be fair
    float[] tooFew = new float[18];
    tooFew[0] = 2;

    assertThat(ModeCoverage.of(Points.of(enough), centres, 0.5).covered()).isEqualTo(2);
    assertThat(ModeCoverage.of(Points.of(tooFew), centres, 0.5).covered()).isEqualTo(1);
    assertThat(ModeCoverage.of(Points.of(1, 0), centres, 0.5).atModes()).isZero();
  }

  @Test
  void precisionAndRecallAreShares() {
    Points data = Points.of(0, 0, 1, 0, 2, 0, 3, 0);
    Points drawn = Points.of(0, 0.05f, 9, 9);

    assertThat(drawn.near(data, 0.1)).isEqualTo(0.5);
    assertThat(data.near(drawn, 0.1)).isEqualTo(0.25);
  }

  @Test
  void pointsAreDrawnWhereTheyLie() {
    BufferedImage picture =
        Points.of(1, 1).scatter().and(Points.of(-1, -1), Color.RED).size(200).range(2).render();

    assertThat(new Color(picture.getRGB(150, 50))).isEqualTo(Scatter.BLUE);
    assertThat(new Color(picture.getRGB(50, 150))).isEqualTo(Color.RED);
    assertThat(new Color(picture.getRGB(50, 50))).isEqualTo(Color.WHITE);
  }

  @Test
  void anOddCountOfCoordinatesIsNoCloud() {
    assertThatThrownBy(() -> Points.of(1, 2, 3)).hasMessageContaining("two coordinates");
  }
}
