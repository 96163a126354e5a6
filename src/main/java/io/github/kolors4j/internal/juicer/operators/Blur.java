package io.github.kolors4j.internal.juicer.operators;

import java.awt.image.BufferedImage;

/** Pillow's blurs ({@code ImageFilter.BLUR, BoxBlur, GaussianBlur}), pixel for pixel. */
final class Blur {
  private static final int BITS = 24;
  private static final int PASSES = 3;

  private Blur() {}

  /**
   * Each pixel becomes the mean of the 16 at the rim of the 5 × 5 around it; two at the edges stay.
   */
  static BufferedImage frame(BufferedImage picture) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    int[] pixels = picture.getRGB(0, 0, width, height, null, 0, width);
    int[] blurred = pixels.clone();
    for (int y = 2; y < height - 2; y++) {
      for (int x = 2; x < width - 2; x++) {
        int rgb = 0;
        for (int shift = 0; shift <= 16; shift += 8) {
          int sum = 8;
          for (int dy = -2; dy <= 2; dy++) {
            for (int dx = -2; dx <= 2; dx++) {
              if (Math.abs(dx) == 2 || Math.abs(dy) == 2) {
                sum += pixels[(y + dy) * width + x + dx] >> shift & 255;
              }
            }
          }
          rgb |= sum / 16 << shift;
        }
        blurred[y * width + x] = rgb;
      }
    }
    return picture(blurred, width, height);
  }

  /**
   * The mean over {@code 2 radius + 1} pixels each way; of a broken radius the rim counts in part.
   */
  static BufferedImage box(BufferedImage picture, float radius) {
    return box(picture, radius, 1);
  }

  /**
   * A Gaussian of standard deviation {@code radius}, as three box blurs (Gwosdek and others 2011).
   */
  static BufferedImage gaussian(BufferedImage picture, float radius) {
    float variance = radius * radius / PASSES;
    float length = (float) Math.sqrt(12.0 * variance + 1.0);
    float whole = (float) Math.floor((length - 1.0) / 2.0);
    float part = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
    part /= 6 * (variance - (whole + 1) * (whole + 1));
    return box(picture, whole + part, PASSES);
  }

  private static BufferedImage box(BufferedImage picture, float radius, int passes) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    int[] pixels = picture.getRGB(0, 0, width, height, null, 0, width);
    if (radius == 0) {
      return picture(pixels, width, height);
    }
    for (int y = 0; y < height; y++) {
      for (int pass = 0; pass < passes; pass++) {
        blurLine(pixels, y * width, 1, width, radius);
      }
    }
    for (int x = 0; x < width; x++) {
      for (int pass = 0; pass < passes; pass++) {
        blurLine(pixels, x, width, height, radius);
      }
    }
    return picture(pixels, width, height);
  }

  /** Beyond a line's ends its first and last pixels go on. Weights are in fixed point. */
  private static void blurLine(int[] pixels, int start, int step, int size, float floatRadius) {
    int radius = (int) floatRadius;
    int weight = (int) ((float) (1 << BITS) / (floatRadius * 2 + 1));
    int rimWeight = ((1 << BITS) - (radius * 2 + 1) * weight) / 2;
    int[] line = new int[size + 2 * radius + 3];
    for (int i = 0; i < line.length; i++) {
      line[i] = pixels[start + Math.max(0, Math.min(size - 1, i - radius - 1)) * step];
    }
    for (int i = 0; i < size; i++) {
      pixels[start + i * step] = 0;
    }
    for (int shift = 0; shift <= 16; shift += 8) {
      int sum = 0;
      for (int i = 0; i < 2 * radius + 1; i++) {
        sum += line[i] >> shift & 255;
      }
      for (int i = 0; i < size; i++) {
        int left = line[i] >> shift & 255;
        int right = line[i + 2 * radius + 2] >> shift & 255;
        sum += (line[i + 2 * radius + 1] >> shift & 255) - left;
        int blurred = sum * weight + (left + right) * rimWeight + (1 << BITS - 1);
        pixels[start + i * step] |= blurred >>> BITS << shift;
      }
    }
  }

  private static BufferedImage picture(int[] pixels, int width, int height) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(0, 0, width, height, pixels, 0, width);
    return picture;
  }
}
