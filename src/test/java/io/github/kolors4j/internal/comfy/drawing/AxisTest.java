package io.github.kolors4j.internal.comfy.drawing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AxisTest {
  @Test
  void whatHasRoomIsScaledEvenly() {
    Axis axis = new Axis();
    axis.require(100, 300, 50);
    axis.require(400, 500, 20);
    assertThat(axis.fit(1000, 0.01, 1)).isEqualTo(1);
    assertThat(axis.at(100)).isZero();
    assertThat(axis.at(450)).isEqualTo(350);
    assertThat(axis.length()).isEqualTo(400);
  }

  @Test
  void emptyPlacesShrinkBeforeTextDoes() {
    Axis axis = new Axis();
    axis.require(0, 200, 180);
    axis.require(1000, 1200, 180);
    axis.fit(500, 0.01, 1);
    assertThat(axis.length()).isCloseTo(500, within(1.0));
    assertThat(axis.at(200) - axis.at(0)).isGreaterThanOrEqualTo(180);
    assertThat(axis.at(1200) - axis.at(1000)).isGreaterThanOrEqualTo(180);
  }

  @Test
  void textsThatNeedMoreThanTheRoomGetIt() {
    Axis axis = new Axis();
    axis.require(0, 10, 300);
    axis.require(10, 20, 300);
    axis.fit(500, 0.01, 1);
    assertThat(axis.length()).isGreaterThanOrEqualTo(600);
  }

  @Test
  void theOrderOfPlacesIsKept() {
    Axis axis = new Axis();
    for (int i = 0; i < 50; i++) {
      axis.require(i * 37 % 50, i * 37 % 50 + 3 + i, 10 + i);
    }
    axis.fit(300, 0.01, 1);
    double before = -1;
    for (double place = 0; place < 100; place += 0.5) {
      assertThat(axis.at(place)).isGreaterThanOrEqualTo(before);
      before = axis.at(place);
    }
  }
}
