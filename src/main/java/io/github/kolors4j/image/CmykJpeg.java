package io.github.kolors4j.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.awt.image.Raster;

/**
 * Turns the four samples of a CMYK or YCCK JPEG into RGB as Pillow does: without a colour profile,
 * {@code R = (255 - K) - C (255 - K) / 255}, and inverted first, as Adobe's programs store inks.
 * Pillow inverts without looking for Adobe's marker, as JPEGs of other programs are next to none.
 */
final class CmykJpeg {
  private static final int ADOBE_MARKER = 0xee;
  private static final int START_OF_SCAN = 0xda;
  private static final int NO_ADOBE_MARKER = -1;
  private static final int TRANSFORM_YCCK = 2;

  private CmykJpeg() {}

  /**
   * @param start the file from its beginning, at least up to the first scan
   */
  static BufferedImage toRgb(Raster inks, byte[] start) {
    int transform = adobeTransform(start);
    int width = inks.getWidth();
    int height = inks.getHeight();
    BufferedImage rgb = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] pixels = ((DataBufferInt) rgb.getRaster().getDataBuffer()).getData();
    int[] row = new int[width * 4];
    for (int y = 0; y < height; y++) {
      inks.getPixels(inks.getMinX(), inks.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int c = row[4 * x];
        int m = row[4 * x + 1];
        int yellow = row[4 * x + 2];
        int k = row[4 * x + 3];
        if (transform == TRANSFORM_YCCK) {
          double blueness = m - 128;
          double redness = yellow - 128;
          double luma = c;
          c = 255 - clip(luma + 1.402 * redness);
          m = 255 - clip(luma - 0.344136 * blueness - 0.714136 * redness);
          yellow = 255 - clip(luma + 1.772 * blueness);
        }
        c = 255 - c;
        m = 255 - m;
        yellow = 255 - yellow;
        k = 255 - k;
        int light = 255 - k;
        pixels[y * width + x] = ink(light, c) << 16 | ink(light, m) << 8 | ink(light, yellow);
      }
    }
    return rgb;
  }

  private static int ink(int light, int amount) {
    return clip(light - amount * light / 255.0);
  }

  private static int clip(double value) {
    return (int) Math.max(0, Math.min(255, Math.rint(value)));
  }

  /** The colour transform in Adobe's APP14 segment, or {@link #NO_ADOBE_MARKER}. */
  private static int adobeTransform(byte[] file) {
    int at = 2;
    while (at + 4 <= file.length && (file[at] & 0xff) == 0xff) {
      int marker = file[at + 1] & 0xff;
      int length = (file[at + 2] & 0xff) << 8 | file[at + 3] & 0xff;
      if (marker == START_OF_SCAN) {
        break;
      }
      boolean adobe =
          marker == ADOBE_MARKER && at + 15 < file.length && file[at + 4] == 'A' && length >= 14;
      if (adobe) {
        return file[at + 15] & 0xff;
      }
      at += 2 + length;
    }
    return NO_ADOBE_MARKER;
  }
}
