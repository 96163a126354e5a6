package io.github.kolors4j.concepts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.kolors4j.internal.tensor.TorchRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class InterpolationTest {
  private static final Offset<Float> CLOSE = within(1e-6f);
  private static final float[] EAST = {1, 0};
  private static final float[] NORTH = {0, 1};

  @Test
  void bothWaysBeginAndEndAtThePoints() {
    float[] a = {1, 2, 3};
    float[] b = {-2, 0.5f, 1};
    for (double t : new double[] {0, 1}) {
      float[] end = t == 0 ? a : b;
      assertThat(Interpolation.linear(a, b, t)).containsExactly(end, CLOSE);
      assertThat(Interpolation.spherical(a, b, t)).containsExactly(end, CLOSE);
    }
  }

  @Test
  void theWayAlongTheSphereTurnsEvenlyAndKeepsTheLength() {
    for (int degrees = 0; degrees <= 90; degrees += 15) {
      double angle = Math.toRadians(degrees);
      assertThat(Interpolation.spherical(EAST, NORTH, degrees / 90.0))
          .containsExactly(new float[] {(float) Math.cos(angle), (float) Math.sin(angle)}, CLOSE);
    }
  }

  @Test
  void theStraightWayBetweenNoisesIsTooShortInItsMiddleAndTheOtherIsNot() {
    float[] a = new TorchRandom(1).randn(1, 16, 16, 16);
    float[] b = new TorchRandom(2).randn(1, 16, 16, 16);
    double length = Math.sqrt(a.length);
    assertThat(Interpolation.length(a) / length).isCloseTo(1, within(0.05));
    assertThat(Interpolation.length(Interpolation.linear(a, b, 0.5)) / length)
        .isCloseTo(Math.sqrt(0.5), within(0.03));
    assertThat(Interpolation.length(Interpolation.spherical(a, b, 0.5)) / length)
        .isCloseTo(1, within(0.03));
  }

  @Test
  void pointsInTheSameDirectionAreMixedLinearly() {
    assertThat(Interpolation.spherical(EAST, new float[] {3, 0}, 0.5))
        .containsExactly(new float[] {2, 0}, CLOSE);
  }

  @Test
  void whereThereIsNoOneWayItIsRefused() {
    assertThatThrownBy(() -> Interpolation.spherical(EAST, new float[] {-1, 0}, 0.5))
        .hasMessageContaining("against each other");
    assertThatThrownBy(() -> Interpolation.spherical(EAST, new float[2], 0.5))
        .hasMessageContaining("length 0");
    assertThatThrownBy(() -> Interpolation.linear(EAST, new float[3], 0.5))
        .hasMessageContaining("2 and 3");
  }
}
