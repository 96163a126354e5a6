package io.github.kolors4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.internal.image.PictureHeader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureFileTest {
  static final Path PICTURES = Path.of("src/test/resources/image");
  static final Path AWKWARD = Path.of("src/test/resources/juicer/img");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "rgb.png,0",
    "alpha.png,0",
    "grey.png,0",
    "grey_alpha.png,0",
    "palette.png,0",
    "one_bit.png,0",
    "baseline.jpg,2",
    "progressive.jpg,2",
    "grey.jpg,2",
    "cmyk.jpg,8",
    "palette.gif,0",
    "rgb.bmp,0",
    "lzw.tiff,0",
    "deflate.tiff,0",
    "lossless.webp,0",
    "lossy.webp,0"
  })
  void aPictureDecodesToThePixelsThatPillowGives(String name, int tolerance) throws IOException {
    BufferedImage expected =
        ImageIO.read(PICTURES.resolve("in_" + name + ".expected.png").toFile());

    BufferedImage picture = PictureFile.read(PICTURES.resolve("in_" + name));

    assertThat(picture.getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
    assertThat(largestDifference(picture, expected)).isLessThanOrEqualTo(tolerance);
  }

  @ParameterizedTest
  @CsvSource({
    "a.jpg,JPEG,1024,1024", "d.png,PNG,2050,1024", "e.webp,WEBP,1024,2048", "i.jpg,JPEG,1030,1040",
    "j.gif,GIF,1030,1040", "k.bmp,BMP,1030,1040", "l.tiff,TIFF,1060,1050", "m.jpg,JPEG,2200,1100",
    "o.jpg,JPEG,1200,1030", "s.png,PNG,1,1"
  })
  void theHeaderGivesTheStoredSize(String name, String format, int width, int height) {
    assertThat(PictureHeader.read(AWKWARD.resolve(name)))
        .isEqualTo(new PictureHeader(format, width, height));
    assertThat(PictureHeader.readChecked(AWKWARD.resolve(name)).width()).isEqualTo(width);
  }

  @Test
  void everyAwkwardPictureDecodesAtItsHeadersSize() throws IOException {
    try (Stream<Path> files = Files.list(AWKWARD)) {
      for (Path file : files.sorted().toList()) {
        PictureHeader header = PictureHeader.read(file);
        BufferedImage picture = PictureFile.read(file);
        assertThat(picture.getWidth()).as(file.toString()).isEqualTo(header.width());
        assertThat(picture.getHeight()).as(file.toString()).isEqualTo(header.height());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rgb.png",
        "baseline.jpg",
        "progressive.jpg",
        "palette.gif",
        "rgb.bmp",
        "lzw.tiff",
        "deflate.tiff",
        "lossless.webp",
        "lossy.webp"
      })
  void aTruncatedPictureIsRefusedWithItsName(String name) throws IOException {
    byte[] whole = Files.readAllBytes(PICTURES.resolve("in_" + name));
    Path half = folder.resolve("half_" + name);
    Files.write(half, Arrays.copyOf(whole, whole.length / 2));

    assertThatThrownBy(() -> PictureFile.read(half))
        .isInstanceOf(PictureException.class)
        .hasMessageContaining("half_" + name);
    assertThatThrownBy(() -> PictureHeader.readChecked(half)).isInstanceOf(PictureException.class);
  }

  @Test
  void aPictureThatClaimsBillionsOfPixelsIsRefusedBeforeMemoryIsTaken() throws IOException {
    Path bomb = folder.resolve("bomb.png");
    Files.copy(PICTURES.resolve("in_rgb.png"), bomb);
    writePngSize(bomb, 100_000, 100_000);

    assertThatThrownBy(() -> PictureFile.read(bomb))
        .isInstanceOf(PictureException.class)
        .hasMessageContaining("100000×100000")
        .hasMessageContaining("bomb");
  }

  @Test
  void aFileOfSomeKilobytesMayNotClaimTensOfMillionsOfPixels() throws IOException {
    Path bomb = folder.resolve("bomb.png");
    Files.copy(PICTURES.resolve("in_rgb.png"), bomb);
    writePngSize(bomb, 8_000, 8_000);

    assertThat(PictureHeader.read(bomb).width()).isEqualTo(8_000);
    assertThatThrownBy(() -> PictureFile.read(bomb))
        .isInstanceOf(PictureException.class)
        .hasMessageContaining("from a file of this length");
  }

  @Test
  void aPngHeaderThatDoesNotMatchItsChecksumIsRefusedAsInPillow() throws IOException {
    byte[] content = Files.readAllBytes(PICTURES.resolve("in_rgb.png"));
    content[18] ^= 1;
    Path damaged = Files.write(folder.resolve("damaged.png"), content);

    assertThatThrownBy(() -> PictureHeader.read(damaged)).hasMessageContaining("checksum");
  }

  @Test
  void aWebpMayNotHideALargePictureInASmallCanvas() throws IOException {
    byte[] content = Files.readAllBytes(PICTURES.resolve("variants/lossy_alpha.webp"));
    int start = new String(content, StandardCharsets.ISO_8859_1).indexOf("\u009d\u0001*");
    content[start + 3] = (byte) 0xff;
    content[start + 4] = 0x3f;
    Path hiding = Files.write(folder.resolve("hiding.webp"), content);

    assertThatThrownBy(() -> PictureFile.read(hiding)).hasMessageContaining("than its canvas");
  }

  @ParameterizedTest
  @CsvSource({
    "2, 322, 4, 60000, tiles are larger", // the tile's width
    "2, 258, 3, 31329, 31329 bits a sample",
    "6, 277, 3, 5000, 5000 channels",
    "8, 279, 4, 99999999, strips are longer than the file",
    "2, 256, 4, 20, has field 256 twice", // the width
    "7, 278, 12, 1, holds no whole numbers" // rows of a strip as float64
  })
  void aTiffThatClaimsWhatItCannotHaveIsRefused(
      int entry, int tag, int type, int value, String reason) throws IOException {
    byte[] content = Files.readAllBytes(PICTURES.resolve("variants/rgb_16_little_endian.tiff"));
    int at = 10 + 12 * entry;
    ByteBuffer.wrap(content) // the directory's entry becomes this one
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(at, (short) tag)
        .putShort(at + 2, (short) type)
        .putInt(at + 4, 1)
        .putInt(at + 8, value);
    Path bomb = Files.write(folder.resolve("bomb.tiff"), content);

    assertThatThrownBy(() -> PictureHeader.read(bomb)).hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "28, 99, claims 99 bits a pixel",
    "28, 0, claims 0 bits a pixel",
    "14, 41, header of 41 bytes",
    "12, 8192, ends before its pixels" // the upper half of their place
  })
  void aBmpThatClaimsWhatItCannotHaveIsRefused(int at, short value, String reason)
      throws IOException {
    byte[] content = Files.readAllBytes(PICTURES.resolve("variants/palette.bmp"));
    ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putShort(at, value);
    Path bomb = Files.write(folder.resolve("bomb.bmp"), content);

    assertThatThrownBy(() -> PictureHeader.read(bomb)).hasMessageContaining(reason);
  }

  @Test
  void aJpegOfHundredsOfScansIsRefused() throws IOException {
    byte[] content = Files.readAllBytes(PICTURES.resolve("in_progressive.jpg"));
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    many.write(content, 0, content.length - 2);
    for (int i = 0; i < 300; i++) { // the first coefficient's next bit, again and again
      many.write(new byte[] {-1, (byte) 0xda, 0, 8, 1, 1, 0, 0, 0, 0x10});
    }
    many.write(content, content.length - 2, 2);
    Path bomb = Files.write(folder.resolve("scans.jpg"), many.toByteArray());

    assertThatThrownBy(() -> PictureFile.read(bomb)).hasMessageContaining("scans, more than");
  }

  private static void writePngSize(Path png, int width, int height) throws IOException {
    ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(png));
    content.putInt(16, width).putInt(20, height);
    CRC32 checksum = new CRC32();
    checksum.update(content.array(), 12, 17);
    Files.write(png, content.putInt(29, (int) checksum.getValue()).array());
  }

  @Test
  void whatIsNoPictureIsRefusedWithTheReason() throws IOException {
    Path text = Files.writeString(folder.resolve("note.jpg"), "not a picture at all");
    Path empty = Files.createFile(folder.resolve("empty.png"));

    assertThatThrownBy(() -> PictureFile.read(text)).hasMessageContaining("is not a PNG, JPEG");
    assertThatThrownBy(() -> PictureFile.read(empty)).hasMessageContaining("is empty");
    assertThatThrownBy(() -> PictureFile.read(folder)).hasMessageContaining("is a folder");
    assertThatThrownBy(() -> PictureFile.read(folder.resolve("no.png")))
        .hasMessageContaining("there is no such file");
  }

  @Test
  void aWrittenPngReadsBackExactlyAndLeavesNothingBeside() throws IOException {
    BufferedImage picture = PictureFile.read(PICTURES.resolve("source.png"));
    Path target = folder.resolve("new/folder/copy.png");

    PictureFile.write(picture, target);

    assertThat(largestDifference(PictureFile.read(target), picture)).isZero();
    assertThat(target.getParent().toFile().list()).containsExactly("copy.png");
  }

  @Test
  void aWrittenJpegIsNearThePictureAndHasNoAlpha() {
    BufferedImage picture = new BufferedImage(64, 48, BufferedImage.TYPE_INT_ARGB);
    for (int i = 0; i < 64 * 48; i++) {
      picture.setRGB(i % 64, i / 64, 0x80_40_80_c0);
    }
    Path target = folder.resolve("copy.jpg");

    PictureFile.write(picture, target);

    assertThat(PictureFile.read(target).getRGB(30, 30) & 0xff).isBetween(0xc0 - 3, 0xc0 + 3);
  }

  @Test
  void anUnknownEndingIsRefused() {
    BufferedImage picture = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    assertThatThrownBy(() -> PictureFile.write(picture, folder.resolve("x.psd")))
        .hasMessageContaining(".png, .jpg or .jpeg");
  }

  static int largestDifference(BufferedImage a, BufferedImage b) {
    assertThat(a.getWidth()).isEqualTo(b.getWidth());
    assertThat(a.getHeight()).isEqualTo(b.getHeight());
    int largest = 0;
    for (int y = 0; y < a.getHeight(); y++) {
      for (int x = 0; x < a.getWidth(); x++) {
        for (int shift = 0; shift < 24; shift += 8) {
          int difference = (a.getRGB(x, y) >> shift & 0xff) - (b.getRGB(x, y) >> shift & 0xff);
          largest = Math.max(largest, Math.abs(difference));
        }
      }
    }
    return largest;
  }
}
