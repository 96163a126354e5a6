package io.github.kolors4j.juicer.operators;

import io.github.kolors4j.image.Pictures;
import io.github.kolors4j.image.Resampling;
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
  PHASH(32, 32) {
    @Override
    boolean[] bits(double[][] grey) {
      double[][] low = new double[8][8];
      for (int v = 0; v < 8; v++) {
        for (int u = 0; u < 8; u++) {
          low[v][u] = frequency(grey, u, v);
        }
      }
      double[] others = Arrays.stream(low).flatMapToDouble(Arrays::stream).skip(1).toArray();
      return atLeast(low, median(others));
    }
  },
  /** Averages of 32 × 32 pixels of 256 × 256 (the Haar wavelet's lowest band) to their median. */
  WHASH(256, 256) {
    @Override
    boolean[] bits(double[][] grey) {
      double[][] averages = new double[8][8];
      for (int y = 0; y < 256; y++) {
        for (int x = 0; x < 256; x++) {
          averages[y / 32][x / 32] += grey[y][x];
        }
      }
      return atLeast(
          averages, median(Arrays.stream(averages).flatMapToDouble(Arrays::stream).toArray()));
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
    BufferedImage small = Pictures.resize(picture, width, height, Resampling.LANCZOS);
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

  /** A coefficient of the two-dimensional cosine transform (DCT-II, not normalized). */
  private static double frequency(double[][] grey, int u, int v) {
    double sum = 0;
    for (int y = 0; y < 32; y++) {
      double row = 0;
      for (int x = 0; x < 32; x++) {
        row += grey[y][x] * COSINES[u * (2 * x + 1) % 128];
      }
      sum += row * COSINES[v * (2 * y + 1) % 128];
    }
    return 4 * sum;
  }

  private static final double[] COSINES = new double[128];

  static {
    for (int i = 0; i < COSINES.length; i++) {
      COSINES[i] = Math.cos(Math.PI * i / 64);
    }
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
