package io.github.kolors4j.internal.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.image.PictureException;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PngTextTest {
  /** Pillow wrote it: see the script beside it. */
  private static final Path PILLOW = Path.of("src/test/resources/image/texts.png");

  @TempDir Path folder;

  @Test
  void allKindsOfTextThatPillowWritesAreRead() {
    assertThat(PngText.read(PILLOW))
        .containsEntry("latin", "café")
        .containsEntry("packed", "a long text ".repeat(50))
        .containsEntry("parameters", "蓝色头发的男孩\nNegative prompt: 模糊")
        .containsEntry("packed international", "夜空".repeat(100))
        .hasSize(4);
  }

  @Test
  void aTextThatUnpacksToMoreThanAllowedIsPassedOver() throws IOException {
    ByteArrayOutputStream chunk = new ByteArrayOutputStream();
    chunk.write("bomb\0\0".getBytes(StandardCharsets.ISO_8859_1));
    try (DeflaterOutputStream deflated = new DeflaterOutputStream(chunk)) {
      deflated.write(new byte[PngText.MAX_BYTES + 1]);
    }
    assertThat(PngText.read(png("zTXt", chunk.toByteArray()))).isEmpty();
  }

  @Test
  void chunksThatEndTooSoonHoldNoText() throws IOException {
    assertThat(PngText.read(png("iTXt", "key\0".getBytes(StandardCharsets.UTF_8)))).isEmpty();
    assertThat(PngText.read(png("zTXt", "key\0".getBytes(StandardCharsets.UTF_8)))).isEmpty();
    assertThat(PngText.read(png("tEXt", "key".getBytes(StandardCharsets.UTF_8)))).isEmpty();
  }

  @Test
  void aFileThatWasCutOffStillSaysWhatItSays() throws IOException {
    byte[] whole = Files.readAllBytes(PILLOW);
    Path cut = Files.write(folder.resolve("cut.png"), Arrays.copyOf(whole, whole.length - 30));
    assertThat(PngText.read(cut)).containsKey("latin");
  }

  @Test
  void anotherFileIsRefused() throws IOException {
    Path jpeg = Files.write(folder.resolve("a.png"), new byte[] {(byte) 0xff, (byte) 0xd8, 0});
    assertThatThrownBy(() -> PngText.read(jpeg))
        .isInstanceOf(PictureException.class)
        .hasMessageContaining("is no PNG file");
  }

  private Path png(String type, byte[] chunk) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeLong(0x89504E470D0A1A0AL);
    out.writeInt(chunk.length);
    out.writeBytes(type);
    out.write(chunk);
    out.writeInt(0);
    out.writeInt(0);
    out.writeBytes("IEND");
    return Files.write(folder.resolve(type + ".png"), bytes.toByteArray());
  }
}
