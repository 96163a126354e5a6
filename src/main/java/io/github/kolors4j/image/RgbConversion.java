package io.github.kolors4j.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;

/**
 * Any {@link BufferedImage} as {@link BufferedImage#TYPE_INT_RGB}, by the stored sample values.
 * Java's own {@code getRGB} would brighten grey pictures (it takes their values for linear light)
 * and apply embedded colour profiles; Pillow does neither.
 */
final class RgbConversion {
  private RgbConversion() {}

  static BufferedImage toRgb(BufferedImage picture) {
    if (picture.getType() == BufferedImage.TYPE_INT_RGB) {
      return picture;
    }
    int width = picture.getWidth();
    int height = picture.getHeight();
    BufferedImage rgb = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] pixels = ((DataBufferInt) rgb.getRaster().getDataBuffer()).getData();
    boolean byColorModel =
        picture.getColorModel() instanceof IndexColorModel || picture.isAlphaPremultiplied();
    if (byColorModel) {
      picture.getRGB(0, 0, width, height, pixels, 0, width);
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] &= 0xffffff;
      }
      return rgb;
    }
    Raster raster = picture.getRaster();
    SampleModel samples = raster.getSampleModel();
    int bands = raster.getNumBands();
    int green = bands >= 3 ? 1 : 0;
    int blue = bands >= 3 ? 2 : 0;
    int bits = samples.getSampleSize(0);
    int[] row = new int[width * bands];
    int minX = raster.getMinX();
    int minY = raster.getMinY();
    for (int y = 0; y < height; y++) {
      raster.getPixels(minX, minY + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int at = x * bands;
        pixels[y * width + x] =
            toByte(row[at], bits) << 16
                | toByte(row[at + green], bits) << 8
                | toByte(row[at + blue], bits);
      }
    }
    return rgb;
  }

  private static int toByte(int sample, int bits) {
    if (bits == 8) {
      return sample;
    }
    return bits > 8 ? sample >>> (bits - 8) : sample * 255 / ((1 << bits) - 1);
  }
}
