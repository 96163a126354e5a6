package io.github.kolors4j.concepts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class HeatMapTest {
  private static final HeatMap CORNER = new HeatMap("角", 2, 2, new float[] {0, 0, 0, 4});

  @Test
  void itsNumbersAreToldInShort() {
    assertThat(CORNER.mean()).isEqualTo(1);
    assertThat(CORNER.contrast()).isEqualTo(4);
  }

  @Test
  void betweenTheMiddlesOfCellsItIsInterpolatedLinearly() {
    float[] large = CORNER.enlarged(4, 4);
    // Middles of the pixels lie at 1/8, 3/8, 5/8, 7/8; those of the cells at 1/4 and 3/4.
    assertThat(large[0]).isZero();
    assertThat(large[15]).isEqualTo(4);
    assertThat(large[2 * 4 + 2]).isCloseTo(4 * 0.75f * 0.75f, within(1e-6f));
    assertThat(large[1 * 4 + 3]).isCloseTo(4 * 0.25f, within(1e-6f));
  }

  @Test
  void overAPictureItIsBrightestWhereItsNumbersAreLargest() {
    BufferedImage grey = new BufferedImage(40, 20, BufferedImage.TYPE_INT_RGB);
    BufferedImage over = CORNER.over(grey);
    assertThat(over.getWidth()).isEqualTo(40);
    assertThat(over.getHeight()).isEqualTo(20);
    assertThat(light(over, 39, 19)).isGreaterThan(light(over, 25, 12) + 100);
    assertThat(light(over, 25, 12)).isGreaterThan(light(over, 0, 0));
  }

  @Test
  void aMapWhoseNumbersAreAllAlikeIsDarkAndDoesNotFail() {
    HeatMap flat = new HeatMap("平", 1, 2, new float[] {0.5f, 0.5f});
    BufferedImage map = flat.render();
    assertThat(map.getRGB(0, 0)).isEqualTo(map.getRGB(map.getWidth() - 1, map.getHeight() - 1));
  }

  @Test
  void aGridWithTooFewNumbersIsRefused() {
    assertThatThrownBy(() -> new HeatMap("", 2, 2, new float[3])).hasMessageContaining("2 × 2");
  }

  private static int light(BufferedImage picture, int x, int y) {
    int pixel = picture.getRGB(x, y);
    return (pixel >> 16 & 255) + (pixel >> 8 & 255) + (pixel & 255);
  }
}
