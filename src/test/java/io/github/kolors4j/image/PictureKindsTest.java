package io.github.kolors4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.internal.image.PictureHeader;
import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of picture that Pillow opens has Pillow's pixels here, or is refused with the reason;
 * none is silently another picture. {@code kinds/make_kinds.py} says how they were made.
 */
class PictureKindsTest {
  private static final Path ARCHIVE = Path.of("src/test/resources/image/kinds/kinds.tar.gz");
  private static final Path TABLE = Path.of("docs/pictures.md");

  /** Whether libjpeg has this is up to the Java that runs. */
  private static final String ARITHMETIC = "jpeg_(arithmetic.*|sof_9).*";

  /** What Pillow reads and is refused here: a pattern of names, and a part of the reason. */
  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("bmp_dib.dib", "without its file header"),
          Map.entry("jpeg_lossless.jpg", "stored without loss"),
          Map.entry("jpeg_taller_than_its_data.jpg", "is truncated"),
          Map.entry(ARITHMETIC, "arithmetic codes"),
          Map.entry("png_chunk_before_ihdr.png", "Apple's own form"),
          Map.entry("png_missing_rows.png", "rows are missing"),
          Map.entry(
              "tiff_grey_(f32|s16)_(deflate|predictor_3|predictor_3_lzw)_be.tiff",
              "higher bytes come first"),
          Map.entry("tiff_group4_truncated.tiff", "fax codes are damaged"),
          Map.entry("tiff_.*(lab|LAB).*", "they are of Lab colours"),
          Map.entry("tiff_lzma.*", "LZMA"),
          Map.entry("tiff_old_jpeg.tiff", "JPEG of before TIFF 6.0"),
          Map.entry("tiff_planar_16.tiff", "in planes"),
          Map.entry("other_spi_F.spi", "its first bytes match none"),
          Map.entry("other_.*", ", which is not read: save it as PNG"));

  /** Pillow refuses it because of a plane that nobody needs; without it, it reads the same. */
  private static final String READ_ALL_THE_SAME = "tiff_rgb_extra_0_planar.tiff";

  @TempDir static Path folder;

  @BeforeAll
  static void unpack() throws IOException {
    for (Map.Entry<String, byte[]> file : archive().entrySet()) {
      Path target = folder.resolve(file.getKey());
      Files.createDirectories(target.getParent());
      Files.write(target, file.getValue());
    }
  }

  /** The pictures, and what Pillow makes of them. */
  static Map<String, byte[]> archive() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (InputStream file = new BufferedInputStream(Files.newInputStream(ARCHIVE));
        TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(file))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        files.put(entry.getName(), tar.readAllBytes());
      }
    }
    return files;
  }

  private static List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("files"))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static Path picture(String name) {
    return folder.resolve("files").resolve(name);
  }

  private static boolean pillowReads(String name) {
    return Files.exists(folder.resolve("expected").resolve(name + ".ppm"));
  }

  private static String refusal(String name) {
    return REFUSED.entrySet().stream()
        .filter(refused -> name.matches(refused.getKey()))
        .map(Map.Entry::getValue)
        .max(String::compareTo) // the rule for all others begins with a comma
        .orElse(null);
  }

  @TestFactory
  Stream<DynamicTest> aPictureHasPillowsPixelsOrIsRefused() throws IOException {
    return names().stream().map(name -> DynamicTest.dynamicTest(name, () -> holds(name)));
  }

  private static void holds(String name) throws IOException {
    if (!pillowReads(name)) {
      if (name.equals(READ_ALL_THE_SAME)) {
        assertSame(name, "tiff_planar.tiff");
      } else {
        assertThatThrownBy(() -> PictureFile.read(picture(name)))
            .isInstanceOf(PictureException.class)
            .hasMessageContaining(name);
      }
      return;
    }
    String reason = refusal(name);
    if (reason == null || name.matches(ARITHMETIC) && reads(name)) {
      assertSame(name, name);
      return;
    }
    assertThatThrownBy(() -> PictureFile.read(picture(name)))
        .isInstanceOf(PictureException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(reason);
  }

  private static boolean reads(String name) {
    try {
      PictureFile.read(picture(name));
      return true;
    } catch (PictureException e) {
      return false;
    }
  }

  private static void assertSame(String name, String expected) throws IOException {
    byte[] ppm = Files.readAllBytes(folder.resolve("expected").resolve(expected + ".ppm"));
    String[] header =
        new String(ppm, 0, Math.min(ppm.length, 20), StandardCharsets.ISO_8859_1).split("\\s+");
    int width = Integer.parseInt(header[1]);
    int height = Integer.parseInt(header[2]);

    PictureHeader checked = PictureHeader.readChecked(picture(name));
    BufferedImage picture = PictureFile.read(picture(name));

    assertThat(List.of(checked.width(), checked.height())).isEqualTo(List.of(width, height));
    assertThat(List.of(picture.getWidth(), picture.getHeight())).isEqualTo(List.of(width, height));
    int at = ppm.length - 3 * width * height;
    int largest = 0;
    for (int i = 0; i < 3 * width * height; i++) {
      int pixel = i / 3;
      int value = picture.getRGB(pixel % width, pixel / width) >> (16 - 8 * (i % 3)) & 0xff;
      largest = Math.max(largest, Math.abs(value - (ppm[at + i] & 0xff)));
    }
    assertThat(largest).as("largest difference from Pillow's pixels").isLessThanOrEqualTo(2);
  }

  @Test
  void theDocumentationCountsThemRightly() throws IOException {
    Map<String, int[]> counts = new TreeMap<>();
    for (String name : names()) {
      int[] count = counts.computeIfAbsent(name.substring(0, name.indexOf('_')), n -> new int[3]);
      boolean arithmetic = name.matches(ARITHMETIC);
      count[!pillowReads(name) ? 2 : arithmetic || refusal(name) == null ? 0 : 1]++;
    }
    String table = Files.readString(TABLE);
    counts.forEach(
        (format, count) ->
            assertThat(table)
                .as(format)
                .containsIgnoringCase(
                    String.format("| %s | %d | %d | %d |", format, count[0], count[1], count[2])));
  }
}
