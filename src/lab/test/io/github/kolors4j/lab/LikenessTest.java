package io.github.kolors4j.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.ConvolveOp;
import java.awt.image.Kernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LikenessTest {
  @Test
  void aBlurredDrawingIsLessSharp() {
    BufferedImage stripes = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = stripes.createGraphics();
    graphics.setColor(Color.WHITE);
    for (int x = 0; x < 64; x += 8) {
      graphics.fillRect(x, 0, 4, 64);
    }
    graphics.dispose();
    float[] box = new float[9];
    Arrays.fill(box, 1 / 9f);
    BufferedImage blurred = new ConvolveOp(new Kernel(3, 3, box)).filter(stripes, null);
    assertThat(Sharpness.of(stripes)).isEqualTo(255);
    assertThat(Sharpness.of(blurred)).isBetween(50.0, 200.0);
    assertThat(Sharpness.of(new BufferedImage(9, 9, BufferedImage.TYPE_INT_RGB))).isZero();
  }

  @Test
  void theFrechetDistanceIsThatOfTwoNormalDistributions() {
    // One dimension each: (m1 - m2)² + (s1 - s2)².
    FrechetDistance near = new FrechetDistance(normal(0, 1, 0, 2, 20_000));
    FrechetDistance far = new FrechetDistance(normal(3, 4, 0, 2, 20_000));
    assertThat(near.to(near)).isCloseTo(0, within(1e-6));
    assertThat(near.to(far)).isCloseTo(9 + 9, within(0.5));
    assertThat(near.to(far)).isCloseTo(far.to(near), within(1e-6));
    assertThatThrownBy(() -> new FrechetDistance(List.of(new float[] {1})))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void eachPictureHasARenderingOfItsStyleThatShowsTheSameAndNoneIsTakenTwiceInARound() {
    Sample blue = sample(Map.of("style", "micah", "hairColor", "blue", "mouth", "smile"));
    Sample other = sample(Map.of("style", "micah", "hairColor", "blue", "mouth", "sad"));
    Sample red = sample(Map.of("style", "micah", "hairColor", "red", "mouth", "sad"));
    Sample wrong = sample(Map.of("style", "lorelei", "hairColor", "blue", "mouth", "smile"));
    MatchedRenderings matched = new MatchedRenderings(List.of(wrong, red, other, blue));
    List<Sample> wanted = List.of(sample(blue.attributes()));
    assertThat(matched.of(wanted)).containsExactly(blue);
    assertThat(matched.of(wanted)).containsExactly(other);
    assertThat(matched.of(wanted)).containsExactly(red);
    assertThat(matched.of(wanted)).containsExactly(blue);
    assertThatThrownBy(() -> matched.of(List.of(sample(Map.of("style", "dylan")))))
        .hasMessageContaining("no renderings")
        .hasMessageContaining("dylan");
  }

  @Test
  void aFaceIsBrokenWhereItIsUnlikeAllRenderings() {
    List<Sample> renderings = new ArrayList<>();
    for (Color skin : List.of(Color.PINK, Color.ORANGE)) {
      for (int eyes = 40; eyes < 48; eyes++) {
        int size = eyes;
        renderings.add(new Sample("", Map.of(), () -> face(skin, size)));
      }
    }
    FaceNovelty novelty = new FaceNovelty(renderings, renderings.subList(0, 4));
    assertThat(novelty.of(face(Color.PINK, 41))).isZero();
    assertThat(novelty.limit()).isEqualTo(12);
    assertThat(novelty.broken(face(Color.ORANGE, 47))).isFalse();
    BufferedImage broken = face(Color.PINK, 41);
    Graphics2D graphics = broken.createGraphics();
    graphics.setColor(Color.GRAY);
    graphics.fillRect(100, 80, 30, 60);
    graphics.dispose();
    assertThat(novelty.of(broken)).isGreaterThan(30);
    assertThat(novelty.broken(broken)).isTrue();
  }

  private static BufferedImage face(Color skin, int eyes) {
    BufferedImage picture = new BufferedImage(256, 256, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setColor(skin);
    graphics.fillRect(0, 0, 256, 256);
    graphics.setColor(Color.BLACK);
    graphics.fillOval(80, 80, eyes - 20, eyes - 20);
    graphics.fillOval(140, 80, eyes - 20, eyes - 20);
    graphics.dispose();
    return picture;
  }

  private static Sample sample(Map<String, String> attributes) {
    return new Sample("", attributes, () -> new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB));
  }

  private static List<float[]> normal(double m1, double s1, double m2, double s2, int count) {
    Random random = new Random(0);
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      vectors.add(
          new float[] {
            (float) (m1 + s1 * random.nextGaussian()), (float) (m2 + s2 * random.nextGaussian())
          });
    }
    return vectors;
  }
}
