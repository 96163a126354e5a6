package io.github.kolors4j.internal.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * Chooses a decoder by a picture's format. How samples are stored and what they mean is read here,
 * as Pillow reads it; libraries take compression back: the JDK's of deflate and JPEG, libwebp, and
 * Commons Imaging that of faxes.
 */
public final class PictureDecoder {
  private PictureDecoder() {}

  /**
   * The picture as RGB.
   *
   * @param header has been looked at: memory for so many pixels is granted
   */
  public static BufferedImage decode(Path file, PictureHeader header) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      return switch (header.format()) {
        case "PNG" -> PngFile.read(file, header);
        case "JPEG" -> JpegFile.read(file);
        case "GIF" -> GifFile.open(file, in).read(file, in);
        case "BMP" -> BmpFile.open(file, in).read(file, in);
        case "TIFF" -> TiffFile.read(file, in);
        case "WEBP" -> WebPFile.read(file, header);
        default -> throw new IOException("no decoder for " + header.format());
      };
    }
  }
}
