package io.github.kolors4j.internal.comfy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kolors4j.pipeline.GeneratedPicture;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatentPreviewTest {
  @TempDir private static Path fitted;
  private static ModelShelf shelf;
  private static LatentPreview preview;

  @BeforeAll
  static void fit() {
    shelf = new ModelShelf(KolorsPipeline.options(), fitted);
    preview = shelf.preview(ModelFolder.embedded());
  }

  @AfterAll
  static void close() {
    shelf.close();
  }

  @Test
  void itLooksLikeTheDecodedPicture() {
    List<Double> correlations = new ArrayList<>();
    KolorsPipeline pipeline = shelf.unet(new KolorsModel(ModelFolder.embedded(), false, List.of()));
    for (String text : List.of("一个红色头发的女孩", "a boy with blue hair", "黑色短发的男孩，白色背景")) {
      GeneratedPicture drawn = pipeline.generate(Prompt.of(text).seed(3).steps(8));
      BufferedImage seen = preview.picture(drawn.latents(), 16, 16);
      int side = seen.getWidth();
      assertThat(side).isEqualTo(16 * 5);
      correlations.add(
          correlation(seen, ResizedPicture.of(drawn.image(), "area", side, side, false)));
    }
    assertThat(correlations).allSatisfy(each -> assertThat(each).isGreaterThan(0.7));
    assertThat(correlations.stream().mapToDouble(each -> each).average().orElse(0))
        .isGreaterThan(0.8);
  }

  private static double correlation(BufferedImage a, BufferedImage b) {
    double[] sums = new double[5];
    int count = 0;
    for (int i = 0; i < a.getWidth() * a.getHeight(); i++) {
      int x = a.getRGB(i % a.getWidth(), i / a.getWidth());
      int y = b.getRGB(i % a.getWidth(), i / a.getWidth());
      for (int shift = 0; shift < 24; shift += 8) {
        double u = x >> shift & 0xff;
        double v = y >> shift & 0xff;
        double[] products = {u, v, u * u, v * v, u * v};
        for (int s = 0; s < 5; s++) {
          sums[s] += products[s];
        }
        count++;
      }
    }
    return (sums[4] - sums[0] * sums[1] / count)
        / Math.sqrt((sums[2] - sums[0] * sums[0] / count) * (sums[3] - sums[1] * sums[1] / count));
  }

  @Test
  void itIsFittedOnceAndReadAfterwards() throws IOException {
    try (Stream<Path> files = Files.list(fitted);
        ModelShelf other = new ModelShelf(KolorsPipeline.options(), fitted)) {
      assertThat(files).hasSize(1);
      LatentPreview again = other.preview(ModelFolder.embedded());
      assertThat(other.size()).isZero(); // no autoencoder was loaded for it
      float[] latents = noise(32 * 16 * 16);
      assertThat(correlation(again.picture(latents, 16, 16), preview.picture(latents, 16, 16)))
          .isGreaterThan(0.999999);
    }
  }

  /** The best of many, since other programs run beside the tests. */
  @Test
  void itTakesLessThanFiveMilliseconds() {
    float[] latents = noise(32 * 16 * 16);
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 300; i++) {
      long start = System.nanoTime();
      preview.picture(latents, 16, 16);
      best = Math.min(best, System.nanoTime() - start);
    }
    assertThat(best / 1e6).isLessThan(5);
  }

  private static float[] noise(int count) {
    Random random = new Random(5);
    float[] noise = new float[count];
    for (int i = 0; i < count; i++) {
      noise[i] = (float) random.nextGaussian();
    }
    return noise;
  }
}
