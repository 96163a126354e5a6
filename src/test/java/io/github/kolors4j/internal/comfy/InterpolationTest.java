package io.github.kolors4j.internal.comfy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.kolors4j.comfy.Latent;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Expected numbers are what torch's documentation and formulas give for these few. */
class InterpolationTest {
  private static final float[] RAMP = {0, 1, 2, 3};

  private static float[] row(Interpolation method, int newWidth, float... values) {
    return method.resize(values, 1, 1, values.length, 1, newWidth);
  }

  @Test
  void fourNumbersBecomeEight() {
    assertThat(row(Interpolation.NEAREST_EXACT, 8, RAMP)).containsExactly(0, 0, 1, 1, 2, 2, 3, 3);
    assertThat(row(Interpolation.BILINEAR, 8, RAMP))
        .containsExactly(0, 0.25f, 0.75f, 1.25f, 1.75f, 2.25f, 2.75f, 3);
    assertThat(row(Interpolation.AREA, 8, RAMP)).containsExactly(0, 0, 1, 1, 2, 2, 3, 3);
    // A = -0.75: at distances 0.25, 0.75, 1.25 and 1.75
    float[] peak = row(Interpolation.BICUBIC, 16, 0, 0, 0, 1, 0, 0, 0, 0);
    float[] curve = {-0.03515625f, -0.10546875f, 0.26171875f, 0.87890625f};
    for (int i = 0; i < 4; i++) {
      assertThat(peak[3 + i]).isCloseTo(curve[i], within(1e-6f));
      assertThat(peak[10 - i]).isCloseTo(curve[i], within(1e-6f));
    }
  }

  @Test
  void fourNumbersBecomeTwo() {
    assertThat(row(Interpolation.NEAREST_EXACT, 2, RAMP)).containsExactly(1, 3);
    assertThat(row(Interpolation.BILINEAR, 2, RAMP)).containsExactly(0.5f, 2.5f);
    assertThat(row(Interpolation.AREA, 2, RAMP)).containsExactly(0.5f, 2.5f);
  }

  /** Halfway between two directions of equal length lies a third of that length. */
  @Test
  void bislerpKeepsTheLengthThatBilinearLoses() {
    float[] planes = {1, 0, 0, 1}; // two channels of two places: (1, 0) and (0, 1)
    float[] turned = Interpolation.BISLERP.resize(planes, 2, 1, 2, 1, 3);
    assertThat(turned[1]).isCloseTo((float) Math.sqrt(0.5), within(1e-6f));
    assertThat(turned[4]).isCloseTo((float) Math.sqrt(0.5), within(1e-6f));
    float[] pressed = Interpolation.BILINEAR.resize(planes, 2, 1, 2, 1, 3);
    assertThat(pressed[1]).isCloseTo(0.5f, within(1e-6f));
  }

  @ParameterizedTest
  @EnumSource
  void theSameSizeIsTheSame(Interpolation method) {
    float[] planes = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    float[] same = method.resize(planes, 2, 2, 3, 2, 3);
    for (int i = 0; i < planes.length; i++) {
      assertThat(same[i]).isCloseTo(planes[i], within(1e-5f));
    }
  }

  @Test
  void rowsAndColumnsOfABatchStayApart() {
    Latent latent = Latent.of(new float[] {1, 2, 3, 4, 10, 20, 30, 40}, 8, 2, 1, 2, 2);
    Latent larger = ResizedLatent.of(latent, Interpolation.NEAREST_EXACT, 4, 2, false);
    assertThat(larger.shape()).containsExactly(2, 1, 4, 2);
    assertThat(larger.samples())
        .containsExactly(1, 2, 1, 2, 3, 4, 3, 4, 10, 20, 10, 20, 30, 40, 30, 40);
  }

  @Test
  void aPictureThatIsTooWideIsCutInTheMiddle() {
    BufferedImage picture = new BufferedImage(8, 4, BufferedImage.TYPE_INT_RGB);
    for (int x = 2; x < 6; x++) {
      for (int y = 0; y < 4; y++) {
        picture.setRGB(x, y, 0xff8000);
      }
    }
    for (String method : new String[] {"nearest-exact", "bilinear", "area", "bicubic", "lanczos"}) {
      BufferedImage cut = ResizedPicture.of(picture, method, 2, 2, true);
      assertThat(cut.getRGB(0, 1) & 0xffffff).as(method).isEqualTo(0xff8000);
      assertThat(cut.getRGB(1, 0) & 0xffffff).as(method).isEqualTo(0xff8000);
    }
  }
}
