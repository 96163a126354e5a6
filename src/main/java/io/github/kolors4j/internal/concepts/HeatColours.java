package io.github.kolors4j.internal.concepts;

import java.awt.image.BufferedImage;

/** Grids of numbers as colours, from dark (the least of them) to bright (the most). */
public final class HeatColours {
  /** Matplotlib's inferno at equal distances, which is read correctly in grey as well. */
  private static final int[] INFERNO = {
    0x000004, 0x1b0c41, 0x4a0c6b, 0x781c6d, 0xa52c60, 0xcf4446, 0xed6925, 0xfb9b06, 0xf7d13d,
    0xfcffa4
  };

  /** How much of an overlay is the picture, in grey. */
  private static final double OF_PICTURE = 0.4;

  private HeatColours() {}

  /**
   * A grid as a picture of its own, each number an even area.
   *
   * @param values row by row
   */
  public static BufferedImage of(float[] values, int rows, int columns, int width, int height) {
    float[] heat = zeroToOne(values);
    BufferedImage map = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        map.setRGB(x, y, colour(heat[y * rows / height * columns + x * columns / width]));
      }
    }
    return map;
  }

  /** A picture in grey, coloured by the grid over it. */
  public static BufferedImage over(BufferedImage picture, float[] values, int rows, int columns) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    float[] heat = zeroToOne(enlarged(values, rows, columns, height, width));
    BufferedImage overlay = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < heat.length; i++) {
      int pixel = picture.getRGB(i % width, i / width);
      double grey =
          0.299 * (pixel >> 16 & 255) + 0.587 * (pixel >> 8 & 255) + 0.114 * (pixel & 255);
      int warm = colour(heat[i]);
      int mixed = 0;
      for (int shift = 0; shift <= 16; shift += 8) {
        double channel = mix(warm >> shift & 255, grey, OF_PICTURE);
        mixed |= (int) Math.round(channel) << shift;
      }
      overlay.setRGB(i % width, i / width, mixed);
    }
    return overlay;
  }

  /** Bilinear interpolation, with the grid's numbers at the middles of their cells. */
  public static float[] enlarged(float[] values, int rows, int columns, int height, int width) {
    float[] large = new float[height * width];
    for (int y = 0; y < height; y++) {
      double v = Math.max(0, Math.min(rows - 1, (y + 0.5) * rows / height - 0.5));
      int top = (int) v;
      int bottom = Math.min(rows - 1, top + 1);
      for (int x = 0; x < width; x++) {
        double u = Math.max(0, Math.min(columns - 1, (x + 0.5) * columns / width - 0.5));
        int left = (int) u;
        int right = Math.min(columns - 1, left + 1);
        double above = mix(values[top * columns + left], values[top * columns + right], u - left);
        double below =
            mix(values[bottom * columns + left], values[bottom * columns + right], u - left);
        large[y * width + x] = (float) mix(above, below, v - top);
      }
    }
    return large;
  }

  private static double mix(double a, double b, double t) {
    return a + t * (b - a);
  }

  private static float[] zeroToOne(float[] values) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    float[] scaled = new float[values.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = most > least ? (values[i] - least) / (most - least) : 0;
    }
    return scaled;
  }

  /**
   * @param heat from 0 to 1
   */
  private static int colour(double heat) {
    double at = heat * (INFERNO.length - 1);
    int i = Math.min(INFERNO.length - 2, (int) at);
    int mixed = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      double channel = mix(INFERNO[i] >> shift & 255, INFERNO[i + 1] >> shift & 255, at - i);
      mixed |= (int) Math.round(channel) << shift;
    }
    return mixed;
  }
}
