package io.github.kolors4j.image;

import static io.github.kolors4j.image.PictureFileTest.PICTURES;
import static io.github.kolors4j.image.PictureFileTest.largestDifference;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.kolors4j.internal.image.PictureHeader;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rarer kinds of picture files against Pillow; {@code make_variants.py} beside them says how
 * they and the expected pixels were made.
 */
class PictureVariantsTest {
  static final Path VARIANTS = PICTURES.resolve("variants");

  /** The pictures in a folder, without the expected ones beside them. */
  static List<String> picturesIn(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches(".*\\.(png|jpg|gif|bmp|tiff|webp)"))
          .filter(name -> !name.matches(".*\\.(expected|upright)\\.png"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> variants() {
    return picturesIn(VARIANTS);
  }

  static List<String> rotated() {
    return variants().stream().filter(name -> name.startsWith("rotated_")).toList();
  }

  @ParameterizedTest
  @MethodSource("variants")
  void aVariantDecodesToThePixelsThatPillowGives(String name) throws IOException {
    BufferedImage expected = ImageIO.read(VARIANTS.resolve(name + ".expected.png").toFile());

    BufferedImage picture = PictureFile.read(VARIANTS.resolve(name));

    assertThat(largestDifference(picture, expected)).isLessThanOrEqualTo(2);
    PictureHeader header = PictureHeader.readChecked(VARIANTS.resolve(name));
    assertThat(header.width()).isEqualTo(expected.getWidth());
    assertThat(header.height()).isEqualTo(expected.getHeight());
  }

  @ParameterizedTest
  @MethodSource("rotated")
  void aPictureFromATurnedCameraCanBeReadUpright(String name) throws IOException {
    BufferedImage expected = ImageIO.read(VARIANTS.resolve(name + ".upright.png").toFile());

    BufferedImage upright = PictureFile.readUpright(VARIANTS.resolve(name));

    assertThat(largestDifference(upright, expected)).isLessThanOrEqualTo(2);
  }
}
