package io.github.kolors4j.concepts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.dataset.CaptionedImages;
import io.github.kolors4j.dataset.CaptionedPicture;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.tensor.TorchRandom;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallPicturesTest {
  @TempDir Path folder;

  private static SmallPictures plain(float... values) {
    float[] all = new float[values.length * 3 * 4 * 4];
    for (int i = 0; i < values.length; i++) {
      Arrays.fill(all, i * 48, (i + 1) * 48, values[i]);
    }
    return SmallPictures.of(4, all);
  }

  @Test
  void theMiddleSquareOfAPictureIsShrunk() throws IOException {
    BufferedImage wide = new BufferedImage(80, 40, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = wide.createGraphics();
    g.setColor(Color.RED);
    g.fillRect(20, 0, 40, 40);
    g.dispose();
    Path file = folder.resolve("wide.png");
    PictureFile.write(wide, file);
    CaptionedImages set =
        CaptionedImages.of("one", List.of(new CaptionedPicture(file, "红色", Map.of())));
    SmallPictures pictures = SmallPictures.of(set, 8);
    assertThat(pictures.size()).isEqualTo(1);
    BufferedImage shown = pictures.images().get(0);
    assertThat(shown.getWidth()).isEqualTo(96);
    assertThat(shown.getRGB(48, 48)).isEqualTo(Color.RED.getRGB());
    try (NDManager manager = NDManager.newBaseManager()) {
      float[] middle = pictures.toArray(manager).get(0).get(":, 4, 4").toFloatArray();
      assertThat(middle).containsExactly(1, -1, -1);
    }
  }

  @Test
  void theNearestPictureAndItsDifferenceAreFound() {
    SmallPictures drawn = plain(0.4f, -1.5f); // shown as -1
    SmallPictures nearest = drawn.nearestIn(plain(0.9f, 0.5f, -0.8f));
    try (NDManager manager = NDManager.newBaseManager()) {
      assertThat(nearest.toArray(manager).get(":, 0, 0, 0").toFloatArray())
          .containsExactly(0.5f, -0.8f);
    }
    assertThat(drawn.differenceTo(nearest)).isCloseTo(Math.sqrt(0.025), within(1e-6));
    assertThat(drawn.differenceTo(plain(0.4f, -1f))).isZero();
  }

  @Test
  void picturesOfAnotherSizeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SmallPictures.of(4, new float[50]))
        .withMessageContaining("50 numbers");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plain(0).nearestIn(SmallPictures.of(2, new float[12])))
        .withMessageContaining("same side");
  }

  @Test
  void theSmallUNetSeesPixelsTimeAndNothingElse() {
    try (SmallUNet unet = new SmallUNet(8, 8, 1);
        NDManager manager = NDManager.newBaseManager()) {
      NDArray x = new TorchRandom(2).randn(manager, new Shape(2, 3, 8, 8));
      assertThat(unet.predict(x, 5).abs().max().getFloat()).isZero(); // as it begins
      NDArray last = unet.parameters().get("conv_out.weight");
      last.set(new TorchRandom(3).randn(last.size()));
      NDArray early = unet.predict(x, 5);
      assertThat(early.getShape()).isEqualTo(x.getShape());
      assertThat(early.sub(unet.predict(x, 500)).abs().max().getFloat()).isGreaterThan(1e-3f);
      NDArray each = unet.forward(x, manager.create(new float[] {5, 500}));
      assertThat(each.get(0).sub(early.get(0)).abs().max().getFloat()).isLessThan(1e-5f);
    }
  }

  @Test
  void squaresOfFourPixelsLieBehindEachOtherAndComeBack() {
    try (SmallUNet unet = new SmallUNet(8, 8, 1);
        NDManager manager = NDManager.newBaseManager()) {
      NDArray x = manager.arange(2 * 3 * 64f).reshape(2, 3, 8, 8);
      NDArray patches = unet.toPatches(x);
      assertThat(patches.getShape()).isEqualTo(new Shape(2, 12, 4, 4));
      // the green square of column 2 and row 1: pixels 4 and 5 of rows 2 and 3
      assertThat(patches.get("0, 4:8, 1, 2").toFloatArray())
          .containsExactly(64 + 20, 64 + 21, 64 + 28, 64 + 29);
      assertThat(unet.toPixels(patches)).isEqualTo(x);
    }
  }

  @Test
  void theSmallUNetLearnsOnePictureByHeart() {
    SmallPictures one = plain(0.5f);
    try (SmallUNet unet = new SmallUNet(4, 8, 1)) {
      Losses losses =
          Fitting.named("one")
              .steps(60)
              .batch(4)
              .learningRate(1e-2)
              .minimise(
                  step -> {
                    NDArray x = one.draw(step);
                    NDArray noisy = x.add(step.normal(4, 3, 4, 4));
                    return TensorOperators.meanSquaredError(
                        unet.forward(noisy, step.array(step.below(1000))), x);
                  },
                  unet)
              .run();
      assertThat(losses.values()[0]).isCloseTo(0.25, within(1e-4));
      assertThat(losses.last()).isLessThan(0.02);
    }
  }
}
