package io.github.kolors4j.internal.image;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;

/**
 * Turns inks into RGB as Pillow does, without a colour profile: {@code R = (255 - K) - C (255 - K)
 * / 255}. A JPEG's are inverted first, as Adobe's programs store them; Pillow does so without
 * looking for Adobe's marker, as JPEGs of inks from other programs are next to none.
 */
final class JpegInks {
  private JpegInks() {}

  /**
   * @param inks four bands
   * @param luma whether the first three are luma and chroma (YCCK)
   */
  static BufferedImage toRgb(Raster inks, boolean luma) {
    int width = inks.getWidth();
    int height = inks.getHeight();
    int[] rgb = new int[width * height];
    int[] row = new int[width * 4];
    for (int y = 0; y < height; y++) {
      inks.getPixels(inks.getMinX(), inks.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int cyan = row[4 * x];
        int magenta = row[4 * x + 1];
        int yellow = row[4 * x + 2];
        if (luma) {
          int colour = LumaChroma.toRgb(cyan, magenta, yellow);
          cyan = 255 - (colour >> 16 & 0xff);
          magenta = 255 - (colour >> 8 & 0xff);
          yellow = 255 - (colour & 0xff);
        }
        rgb[y * width + x] = rgb(255 - cyan, 255 - magenta, 255 - yellow, 255 - row[4 * x + 3]);
      }
    }
    return RgbConversion.picture(rgb, width, height);
  }

  /** Amounts of ink from 0 to 255, rounded as Pillow rounds. */
  static int rgb(int cyan, int magenta, int yellow, int black) {
    int light = 255 - black;
    return left(cyan, light) << 16 | left(magenta, light) << 8 | left(yellow, light);
  }

  private static int left(int ink, int light) {
    int product = ink * light + 128;
    return Math.max(0, light - ((product >> 8) + product >> 8));
  }
}
