package io.github.kolors4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.image.ChineseFont;
import io.github.kolors4j.internal.image.PictureTensor;
import io.github.kolors4j.internal.image.Resampling;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PicturesTest {
  private final BufferedImage source =
      PictureFile.read(PictureFileTest.PICTURES.resolve("source.png"));

  @ParameterizedTest
  @CsvSource({
    "BILINEAR,32,32", "BILINEAR,128,96", "BILINEAR,71,20", "BILINEAR,7,90", "BILINEAR,60,10",
    "BICUBIC,32,32", "BICUBIC,128,96", "BICUBIC,71,20", "BICUBIC,7,90", "BICUBIC,60,10",
    "LANCZOS,32,32", "LANCZOS,128,96", "LANCZOS,71,20", "LANCZOS,7,90", "LANCZOS,60,10"
  })
  void resizingGivesPillowsPixels(Resampling filter, int width, int height) {
    String name = "resized_" + filter.name().toLowerCase() + "_" + width + "x" + height + ".png";
    BufferedImage expected = PictureFile.read(PictureFileTest.PICTURES.resolve(name));

    BufferedImage resized = filter.resize(source, width, height);

    assertThat(PictureFileTest.largestDifference(resized, expected)).isZero();
  }

  @Test
  void coveringFitsOneSideExactlyAndReachesBeyondTheOther() {
    BufferedImage covering = Pictures.cover(source, 40, 40); // the source is 71×53
    assertThat(covering.getHeight()).isEqualTo(40);
    assertThat(covering.getWidth()).isEqualTo(53);
  }

  @Test
  void theCentreCropRoundsHalfPixelsToEvenAsPythonDoes() {
    // (71 - 68) / 2 = 1.5 → 2, (53 - 52) / 2 = 0.5 → 0
    BufferedImage cropped = Pictures.centerCrop(source, 68, 52);
    assertThat(cropped.getRGB(0, 0)).isEqualTo(source.getRGB(2, 0));
  }

  @ParameterizedTest
  @CsvSource({
    "71,53,128,96,30,40,64,32", "71,53,71,53,3,4,20,10", "71,53,20,96,0,50,20,20",
    "71,53,30,11,5,1,20,9", "1,300,64,19200,0,9568,64,64", "300,2,9600,64,4768,0,64,64"
  })
  void aPartOfAResizedPictureIsTheSameAsCroppingIt(
      int width, int height, int newWidth, int newHeight, int left, int top, int w, int h) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(4);
    for (int i = 0; i < width * height; i++) {
      picture.setRGB(i % width, i / width, random.nextInt(1 << 24));
    }
    for (Resampling filter : Resampling.values()) {
      BufferedImage whole = filter.resize(picture, newWidth, newHeight);

      BufferedImage part = filter.resizedPart(picture, newWidth, newHeight, left, top, w, h);

      BufferedImage expected = Pictures.crop(whole, left, top, w, h);
      assertThat(PictureFileTest.largestDifference(part, expected)).isZero();
    }
  }

  @Test
  void whatIsTooLargeToBeMadeIsRefused() {
    BufferedImage thin = new BufferedImage(1, 3000, BufferedImage.TYPE_INT_RGB);

    assertThatThrownBy(() -> Pictures.cover(thin, 1024, 1024)).hasMessageContaining("too large");
    assertThatThrownBy(() -> Pictures.coveringSize(thin, 1 << 20, 1 << 20))
        .hasMessageContaining("too thin");
    assertThat(Pictures.coveringSize(thin, 1024, 1024)).isEqualTo(new Dimension(1024, 3_072_000));
  }

  @Test
  void aCropBeyondThePictureIsRefused() {
    assertThatThrownBy(() -> Pictures.centerCrop(source, 72, 10))
        .hasMessageContaining("71×53")
        .hasMessageContaining("Pictures.cover");
  }

  @Test
  void flippingTwiceGivesThePictureBack() {
    BufferedImage flipped = Pictures.flipHorizontally(source);
    assertThat(flipped.getRGB(0, 5)).isEqualTo(source.getRGB(70, 5));
    assertThat(PictureFileTest.largestDifference(Pictures.flipHorizontally(flipped), source))
        .isZero();
  }

  @Test
  void aPictureSurvivesTheWayThroughATensor() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray tensor = PictureTensor.toTensor(manager, source);

      assertThat(tensor.getShape()).isEqualTo(new Shape(1, 3, 53, 71));
      int red = source.getRGB(4, 3) >> 16 & 0xff;
      assertThat(tensor.getFloat(0, 0, 3, 4)).isEqualTo((red / 255f - 0.5f) / 0.5f);
      assertThat(PictureFileTest.largestDifference(PictureTensor.toPicture(tensor), source))
          .isZero();
    }
  }

  @Test
  void tensorValuesBeyondTheRangeAreClipped() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray tensor = manager.create(new float[] {-3f, 0f, 7f}, new Shape(3, 1, 1));
      assertThat(PictureTensor.toPicture(tensor).getRGB(0, 0) & 0xffffff).isEqualTo(0x0080ff);
    }
  }

  @Test
  void aTensorOfAnotherShapeIsRefused() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray latents = manager.zeros(new Shape(1, 4, 8, 8));
      assertThatThrownBy(() -> PictureTensor.toPicture(latents))
          .hasMessageContaining("(batch, 3, height, width)");
    }
  }

  @Test
  void theShippedFontHasTheStorysCharactersAndAllOfGb2312() throws Exception {
    Font font = ChineseFont.at(14);
    assertThat(font.canDisplayUpTo("二次元，一个蓝色中分小男孩，憧憬的神情，十指交叉，忐忑。×≤“”…")).isEqualTo(-1);
    StringBuilder all = new StringBuilder();
    for (int high = 0xb0; high < 0xf8; high++) {
      for (int low = 0xa1; low < 0xff; low++) {
        String character = new String(new byte[] {(byte) high, (byte) low}, "GB2312");
        if (character.charAt(0) != '\ufffd') {
          all.append(character);
        }
      }
    }
    assertThat(all.length()).isGreaterThan(6700);
    assertThat(font.canDisplayUpTo(all.toString())).isEqualTo(-1);
  }

  @Test
  void aGridHasRoomForItsPicturesAndCaptions() {
    List<BufferedImage> two = List.of(source, Pictures.flipHorizontally(source));

    BufferedImage bare = PictureGrid.of(two, 1, 2).render();
    BufferedImage captioned = PictureGrid.of(two, 1, 2).captions(List.of("二次元", "b")).render();

    assertThat(bare.getWidth()).isEqualTo(2 * 71 + 3 * 8);
    assertThat(bare.getHeight()).isEqualTo(53 + 2 * 8);
    assertThat(bare.getRGB(8, 8)).isEqualTo(source.getRGB(0, 0));
    assertThat(captioned.getHeight()).isGreaterThan(bare.getHeight());
  }

  @Test
  void aWrappedCaptionStartsNoLineWithPunctuationAndLosesNothing() {
    var metrics =
        new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB)
            .createGraphics()
            .getFontMetrics(ChineseFont.at(16));
    String caption = "二次元，一个蓝色头发，穿着，背带裤。";
    for (int width = 40; width < 200; width += 4) {
      List<String> lines = WrappedText.wrap(caption, metrics, width);
      assertThat(lines).allMatch(line -> !line.startsWith("，") && !line.startsWith("。"));
      if (lines.size() < 5) {
        assertThat(String.join("", lines)).isEqualTo(caption);
      }
    }
  }

  @Test
  void labelsOfRowsAndColumnsStandBesideThePicturesAndLeaveThemAsTheyAre() {
    BufferedImage red = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 40 * 30; i++) {
      red.setRGB(i % 40, i / 40, 0xff0000);
    }
    PictureGrid bare = PictureGrid.of(List.of(red, red, red, red), 2, 2);
    BufferedImage plain = bare.render();
    BufferedImage labelled =
        bare.rowLabels(List.of("红发", "b")).columnLabels(List.of("第一列", "第二列的名字很长")).render();
    int right = labelled.getWidth() - plain.getWidth();
    int down = labelled.getHeight() - plain.getHeight();
    assertThat(right).isPositive();
    assertThat(down).isPositive();
    for (int y = 8; y < plain.getHeight(); y++) {
      for (int x = 8; x < plain.getWidth(); x++) {
        assertThat(labelled.getRGB(right + x, down + y)).isEqualTo(plain.getRGB(x, y));
      }
    }
  }

  @Test
  void aGridWithTooManyLabelsIsRefused() {
    PictureGrid grid = PictureGrid.of(List.of(source), 1, 1);
    assertThatThrownBy(() -> grid.rowLabels(List.of("a", "b"))).hasMessageContaining("[a, b]");
    assertThatThrownBy(() -> grid.columnLabels(List.of())).hasMessageContaining("0 column labels");
  }

  @Test
  void aGridWithTooFewCellsIsRefused() {
    assertThatThrownBy(() -> PictureGrid.of(List.of(source, source, source), 1, 2))
        .hasMessageContaining("3 pictures do not fit into 1 rows of 2");
  }
}
