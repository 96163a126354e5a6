package io.github.kolors4j.internal.image;

import io.github.kolors4j.image.PictureException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Looks at the last bytes of a picture: truncated files lack the mark that ends their format. */
final class PictureEnding {
  private static final int TAIL = 12;

  private PictureEnding() {}

  /** False if the file may be truncated. */
  static boolean isComplete(Path file, String format) {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long length = in.length();
      byte[] tail = new byte[(int) Math.min(TAIL, length)];
      in.seek(length - tail.length);
      in.readFully(tail);
      String end = new String(tail, StandardCharsets.ISO_8859_1);
      return switch (format) {
        case "JPEG" -> end.endsWith("\u00ff\u00d9");
        case "PNG" -> end.startsWith("IEND", 4);
        case "GIF" -> end.endsWith(";");
        case "BMP" -> littleEndian(in, 2) <= length;
        case "WEBP" -> littleEndian(in, 4) + 8 <= length;
        default -> false;
      };
    } catch (IOException e) {
      throw new PictureException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  private static long littleEndian(RandomAccessFile in, long at) throws IOException {
    in.seek(at);
    return Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
  }
}
