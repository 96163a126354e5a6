package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.image.Resampling;
import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * Hashes of 64 bits that pictures keep when they are scaled or saved anew, as imagededup computes
 * them: the picture is shrunk, made grey, and compared with a value of its own.
 */
enum PictureHash {
  /** Each pixel of 8 × 8 against their average. */
  AHASH(8, 8) {
    @Override
    boolean[] bits(double[][] grey) {
      double average = Arrays.stream(grey).flatMapToDouble(Arrays::stream).average().orElse(0);
      return atLeast(grey, average);
    }
  },
  /** Each pixel of 9 × 8 against its left neighbour. */
  DHASH(9, 8) {
    @Override
    boolean[] bits(double[][] grey) {
      boolean[] bits = new boolean[64];
      for (int i = 0; i < bits.length; i++) {
        bits[i] = grey[i / 8][i % 8 + 1] > grey[i / 8][i % 8];
      }
      return bits;
    }
  },
  /** The low frequencies of the cosine transform of 32 × 32 pixels against their median. */
  PHASH(CosineTransform.LENGTH, CosineTransform.LENGTH) {
    @Override
    boolean[] bits(double[][] grey) {
      double[][] low = lowest(CosineTransform.of(grey));
      double[] others = Arrays.stream(low).flatMapToDouble(Arrays::stream).skip(1).toArray();
      return atLeast(low, median(others));
    }
  },
  /** The lowest band of the Haar wavelet transform of 256 × 256 pixels against its median. */
  WHASH(256, 256) {
    @Override
    boolean[] bits(double[][] grey) {
      double[][] band = new double[256][256];
      for (int y = 0; y < 256; y++) {
        for (int x = 0; x < 256; x++) {
          band[y][x] = grey[y][x] / 255;
        }
      }
      while (band.length > 8) {
        band = CosineTransform.transposed(halved(CosineTransform.transposed(halved(band))));
      }
      return atLeast(band, median(Arrays.stream(band).flatMapToDouble(Arrays::stream).toArray()));
    }
  };

  private final int width;
  private final int height;

  PictureHash(int width, int height) {
    this.width = width;
    this.height = height;
  }

  abstract boolean[] bits(double[][] grey);

  /** Sixteen hexadecimal digits. */
  String of(BufferedImage picture) {
    BufferedImage small = Resampling.LANCZOS.resize(picture, width, height);
    double[][] grey = new double[height][width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int rgb = small.getRGB(x, y);
        // Pillow's convert("L"): weights of ITU-R 601 in fixed point.
        grey[y][x] =
            ((rgb >> 16 & 255) * 19595 + (rgb >> 8 & 255) * 38470 + (rgb & 255) * 7471 + 0x8000)
                >> 16;
      }
    }
    long hash = 0;
    for (boolean bit : bits(grey)) {
      hash = hash << 1 | (bit ? 1 : 0);
    }
    return String.format("%016x", hash);
  }

  private static double[][] lowest(double[][] coefficients) {
    return Arrays.stream(coefficients, 0, 8)
        .map(row -> Arrays.copyOf(row, 8))
        .toArray(double[][]::new);
  }

  /** Half as many rows: the lower half of their wavelet transform, summed up as PyWavelets does. */
  private static double[][] halved(double[][] rows) {
    double weight = Math.sqrt(0.5);
    double[][] half = new double[rows.length / 2][rows[0].length];
    for (int y = 0; y < half.length; y++) {
      for (int x = 0; x < half[y].length; x++) {
        half[y][x] = weight * rows[2 * y + 1][x] + weight * rows[2 * y][x];
      }
    }
    return half;
  }

  private static boolean[] atLeast(double[][] values, double bound) {
    boolean[] bits = new boolean[64];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = values[i / 8][i % 8] >= bound;
    }
    return bits;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
