package io.github.kolors4j.lab;

import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.image.PictureGrid;
import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.internal.image.PictureEncoder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Many pictures as one JPEG file in a square, each with its number under it, so that a person can
 * look at every one and write down which are broken.
 *
 * @param title above them
 * @param pictures in the order of their numbers, from 0
 */
record ContactSheet(String title, List<BufferedImage> pictures) {
  /** What a page of documentation may hold. */
  static final int MAX_BYTES = 500_000;

  private static final int CELL = 160;

  ContactSheet {
    pictures = List.copyOf(pictures);
  }

  /** The picture. */
  BufferedImage render() {
    int columns = (int) Math.ceil(Math.sqrt(pictures.size()));
    int rows = (pictures.size() + columns - 1) / columns;
    return PictureGrid.of(pictures, rows, columns)
        .cellSize(CELL, CELL)
        .captions(IntStream.range(0, pictures.size()).mapToObj(String::valueOf).toList())
        .title(title)
        .render();
  }

  /**
   * Writes it in the best quality that keeps the file under 500 KB.
   *
   * @throws PictureException if it cannot be written, or no quality does
   */
  void write(Path file) {
    BufferedImage sheet = render();
    try {
      for (float quality = 0.92f; quality >= 0.4f; quality -= 0.04f) {
        byte[] jpeg = jpeg(sheet, quality);
        if (jpeg.length < MAX_BYTES) {
          AtomicFile.write(file, out -> out.write(jpeg));
          return;
        }
      }
    } catch (IOException e) {
      throw new PictureException(file, e.toString(), e);
    }
    throw new PictureException(
        file, pictures.size() + " pictures do not fit into " + MAX_BYTES + " bytes");
  }

  private static byte[] jpeg(BufferedImage picture, float quality) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PictureEncoder.jpeg(picture, quality, bytes);
    return bytes.toByteArray();
  }
}
