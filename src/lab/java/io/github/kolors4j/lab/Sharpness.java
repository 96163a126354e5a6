package io.github.kolors4j.lab;

import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * How steep a picture's edges are: the 97th percentile of the gradient's length, in grey levels (0
 * to 255) per pixel. A blurred picture has less of it than a drawing with lines.
 *
 * <p>Not the 90th: so much of a flat drawing is one colour that this is 0 for a sharp rendering,
 * and more for a picture whose areas are stained.
 */
final class Sharpness {
  private static final double PERCENTILE = 0.97;

  private Sharpness() {}

  static double of(BufferedImage picture) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    int[] rgb = picture.getRGB(0, 0, width, height, null, 0, width);
    float[] grey = new float[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      // The luma of ITU-R BT.601.
      grey[i] =
          0.299f * (rgb[i] >> 16 & 255) + 0.587f * (rgb[i] >> 8 & 255) + 0.114f * (rgb[i] & 255);
    }
    float[] lengths = new float[(width - 1) * (height - 1)];
    for (int y = 0; y < height - 1; y++) {
      for (int x = 0; x < width - 1; x++) {
        int i = y * width + x;
        lengths[y * (width - 1) + x] =
            (float) Math.hypot(grey[i + 1] - grey[i], grey[i + width] - grey[i]);
      }
    }
    Arrays.sort(lengths);
    return lengths[(int) (PERCENTILE * (lengths.length - 1))];
  }
}
