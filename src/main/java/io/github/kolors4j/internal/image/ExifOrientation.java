package io.github.kolors4j.internal.image;

import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.image.PictureFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Finds a picture's {@link Orientation} among its EXIF data, a small TIFF within the file. Nothing
 * else of them is read.
 */
public final class ExifOrientation {
  private static final int ORIENTATION = 274;
  private static final int APPLICATION_1 = 0xe1;
  private static final int NONE = -1;

  /** What EXIF data may begin with, before their TIFF. */
  private static final byte[] NAME = {'E', 'x', 'i', 'f', 0, 0};

  /** More chunks than any honest file has. */
  private static final int MAX_CHUNKS = 100_000;

  private ExifOrientation() {}

  /**
   * The orientation that is still to be applied to what {@link PictureFile#read} gives; upright if
   * there are no EXIF data or they are damaged.
   */
  public static Orientation of(Path file, PictureHeader header) {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long exif =
          switch (header.format()) {
            case "JPEG" -> inJpeg(in);
            case "PNG" -> inChunks(in, 8, true, "eXIf");
            case "WEBP" -> inChunks(in, 12, false, "EXIF");
            default -> NONE; // that of a TIFF has been applied
          };
      if (exif == NONE) {
        return Orientation.UPRIGHT;
      }
      long start = beginsWithName(in, exif) ? exif + NAME.length : exif;
      return Orientation.of((int) new TiffFields(file, in, start).number(ORIENTATION, 1));
    } catch (IOException | PictureException e) {
      return Orientation.UPRIGHT;
    }
  }

  /** Where the EXIF data begin: in the application segment of their name, before the picture. */
  private static long inJpeg(RandomAccessFile in) throws IOException {
    JpegSegments segments = new JpegSegments(in);
    while (segments.next()) {
      if (segments.marker() == APPLICATION_1 && beginsWithName(in, segments.content())) {
        return segments.content();
      }
    }
    return NONE;
  }

  /** Where the content of the first chunk of this name begins; in a PNG its length comes first. */
  private static long inChunks(RandomAccessFile in, long first, boolean png, String name)
      throws IOException {
    long at = first;
    for (int part = 0; part < MAX_CHUNKS && at + 8 <= in.length(); part++) {
      in.seek(png ? at + 4 : at);
      if (PictureHeader.name(in).equals(name)) {
        return at + 8;
      }
      in.seek(png ? at : at + 4);
      long length = PictureHeader.u32(in, png);
      at += 8 + (png ? length + 4 : length + (length & 1)); // a checksum, or to an even length
    }
    return NONE;
  }

  private static boolean beginsWithName(RandomAccessFile in, long at) throws IOException {
    byte[] bytes = new byte[NAME.length];
    in.seek(at);
    in.readFully(bytes);
    return Arrays.equals(bytes, NAME);
  }

  /** The orientation of a TIFF, which Pillow applies by itself. */
  public static Orientation ofTiff(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      return TiffDirectory.of(file, in).orientation();
    }
  }
}
