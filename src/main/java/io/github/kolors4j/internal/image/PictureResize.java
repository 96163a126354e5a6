package io.github.kolors4j.internal.image;

import java.util.Arrays;

/**
 * Pillow's resize along one direction, from {@code oldSize} pixels to {@code newSize}: weights in
 * fixed point, sums rounded to 8 bits (its {@code Resample.c}).
 *
 * <p>Many lines are resized at once: four pixels of the original are taken out of each of these
 * lines and added to all the pixels that they are a part of, in loops over neighbouring numbers,
 * which Java turns into vector instructions.
 *
 * @param newSize pixels of the part that is wanted
 * @param unchanged whether pixels stay as they are
 * @param first for each new pixel, the first pixel of the original that it is made of
 * @param weights for each new pixel, how much it takes of that pixel and of those behind it
 */
record PictureResize(int oldSize, int newSize, boolean unchanged, int[] first, int[][] weights) {
  /** So many bits of a weight are after the point. */
  private static final int PRECISION_BITS = 32 - 8 - 2;

  /** Lines that are resized at once: enough for the vectors, few enough for the cache. */
  private static final int LINES = 128;

  /** Pixels of a line that are added at once, so that sums are not loaded and stored for each. */
  private static final int PIXELS = 4;

  static PictureResize of(int oldSize, int newSize, Resampling filter) {
    return ofPart(oldSize, newSize, 0, newSize, filter);
  }

  /** Same, but only {@code count} of the new pixels are wanted, from {@code start} on. */
  static PictureResize ofPart(int oldSize, int newSize, int start, int count, Resampling filter) {
    double scale = (double) oldSize / newSize;
    double filterScale = Math.max(scale, 1);
    double support = filter.support * filterScale;
    int[] first = new int[count];
    int[][] weights = new int[count][];
    for (int i = 0; i < count; i++) {
      double center = (start + i + 0.5) * scale;
      int from = Math.max(0, (int) (center - support + 0.5));
      int to = Math.min(oldSize, (int) (center + support + 0.5));
      double[] exact = new double[to - from];
      double sum = 0;
      for (int j = 0; j < exact.length; j++) {
        exact[j] = filter.weight((j + from - center + 0.5) * (1.0 / filterScale));
        sum += exact[j];
      }
      first[i] = from;
      weights[i] = new int[exact.length];
      for (int j = 0; j < exact.length; j++) {
        double weight = (sum == 0 ? exact[j] : exact[j] / sum) * (1 << PRECISION_BITS);
        weights[i][j] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
      }
    }
    return new PictureResize(
        oldSize, count, oldSize == newSize && count == newSize, first, weights);
  }

  /** Resizes each row of {@code height} rows of {@code oldSize} pixels {@code 0x00RRGGBB}. */
  int[] ofRows(int[] pixels, int height) {
    if (unchanged) {
      return pixels;
    }
    int[] resized = new int[newSize * height];
    resize(pixels, resized, height, oldSize, newSize, 1, 1);
    return resized;
  }

  /** Resizes each column of {@code oldSize} rows of {@code width} pixels {@code 0x00RRGGBB}. */
  int[] ofColumns(int[] pixels, int width) {
    if (unchanged) {
      return pixels;
    }
    int[] resized = new int[newSize * width];
    resize(pixels, resized, width, 1, 1, width, width);
    return resized;
  }

  /**
   * @param lineStep from a pixel to that of the next line
   * @param step from a pixel to the next one of its line
   */
  private void resize(
      int[] from, int[] to, int lines, int lineStep, int newLineStep, int step, int newStep) {
    int[][] pixels = new int[PIXELS][LINES];
    int[][] red = new int[newSize][LINES];
    int[][] green = new int[newSize][LINES];
    int[][] blue = new int[newSize][LINES];
    for (int line = 0; line < lines; line += LINES) {
      int count = Math.min(LINES, lines - line);
      startAtOneHalf(red);
      startAtOneHalf(green);
      startAtOneHalf(blue);
      // Those new pixels that these ones are a part of lie side by side.
      int begin = 0;
      for (int i = 0; i < oldSize; i += PIXELS) {
        for (int k = 0; k < PIXELS; k++) {
          // Beyond the end weights are zero, so that any pixel will do.
          int pixel = Math.min(i + k, oldSize - 1);
          copy(from, line * lineStep + pixel * step, lineStep, count, pixels[k]);
        }
        while (begin < newSize && first[begin] + weights[begin].length <= i) {
          begin++;
        }
        for (int j = begin; j < newSize && first[j] < i + PIXELS; j++) {
          int a = weight(j, i);
          int b = weight(j, i + 1);
          int c = weight(j, i + 2);
          int d = weight(j, i + 3);
          add(pixels, 16, a, b, c, d, red[j]);
          add(pixels, 8, a, b, c, d, green[j]);
          add(pixels, 0, a, b, c, d, blue[j]);
        }
      }
      for (int j = 0; j < newSize; j++) {
        int at = line * newLineStep + j * newStep;
        join(red[j], green[j], blue[j], to, at, newLineStep, count);
      }
    }
  }

  private static void startAtOneHalf(int[][] sums) {
    for (int[] sum : sums) {
      Arrays.fill(sum, 1 << (PRECISION_BITS - 1));
    }
  }

  /** How much new pixel {@code j} takes of the original's pixel {@code i}. */
  private int weight(int j, int i) {
    int k = i - first[j];
    return k >= 0 && k < weights[j].length ? weights[j][k] : 0;
  }

  private static void copy(int[] from, int at, int lineStep, int count, int[] pixels) {
    for (int line = 0; line < count; line++) {
      pixels[line] = from[at];
      at += lineStep;
    }
  }

  /** Adds one colour of the pixels, {@code shift} bits from the right, with four weights. */
  private static void add(int[][] pixels, int shift, int a, int b, int c, int d, int[] sums) {
    int[] first = pixels[0];
    int[] second = pixels[1];
    int[] third = pixels[2];
    int[] fourth = pixels[3];
    for (int line = 0; line < LINES; line++) {
      sums[line] +=
          a * (first[line] >> shift & 0xff)
              + b * (second[line] >> shift & 0xff)
              + c * (third[line] >> shift & 0xff)
              + d * (fourth[line] >> shift & 0xff);
    }
  }

  private static void join(
      int[] red, int[] green, int[] blue, int[] to, int at, int lineStep, int count) {
    for (int line = 0; line < count; line++) {
      to[at] = clip(red[line]) << 16 | clip(green[line]) << 8 | clip(blue[line]);
      at += lineStep;
    }
  }

  private static int clip(int fixedPoint) {
    return Math.max(0, Math.min(255, fixedPoint >> PRECISION_BITS));
  }
}
