package io.github.kolors4j.internal.juicer.operators;

import java.util.Arrays;

/**
 * The cosine transform (DCT-II, not normalized) of 32 numbers, each sum in the order in which SciPy
 * has it ({@code T_dcst23} and {@code rfftp} of pocketfft, M. Reinecke). The order counts: a
 * perceptual hash compares coefficients with their median, and those of an even or symmetric
 * picture are zero in one order of summing and nearly zero in another.
 */
final class CosineTransform {
  static final int LENGTH = 32;
  private static final double SQRT_2 = Math.sqrt(2);

  /** Cosines and sines of multiples of a 32nd of a turn; cosines of those of a 128th. */
  private static final double[] COS = new double[8];

  private static final double[] SIN = new double[8];
  private static final double[] TWIDDLES = new double[LENGTH];

  static {
    for (int i = 0; i < COS.length; i++) {
      COS[i] = cos(i, LENGTH);
      SIN[i] = sin(i, LENGTH);
    }
    for (int i = 1; i < LENGTH; i++) {
      // By the sum of two angles, the second of which is 0 or 16 of 128.
      int small = i % 16;
      int large = i - small;
      TWIDDLES[i] =
          cos(small, 4 * LENGTH) * cos(large, 4 * LENGTH)
              - sin(small, 4 * LENGTH) * sin(large, 4 * LENGTH);
    }
  }

  private CosineTransform() {}

  /** Cosine of a part of a turn that is no more than a quarter. */
  private static double cos(int part, int turn) {
    double angle = 0.25 * Math.PI / turn;
    return 8 * part < turn ? Math.cos(8 * part * angle) : Math.sin((2 * turn - 8 * part) * angle);
  }

  private static double sin(int part, int turn) {
    double angle = 0.25 * Math.PI / turn;
    return 8 * part < turn ? Math.sin(8 * part * angle) : Math.cos((2 * turn - 8 * part) * angle);
  }

  /** Of 32 × 32 numbers: along the columns, then along the rows. */
  static double[][] of(double[][] values) {
    return ofRows(transposed(ofRows(transposed(values))));
  }

  private static double[][] ofRows(double[][] rows) {
    return Arrays.stream(rows).map(CosineTransform::of).toArray(double[][]::new);
  }

  /** Columns become rows. */
  static double[][] transposed(double[][] rows) {
    double[][] columns = new double[rows[0].length][rows.length];
    for (int y = 0; y < rows.length; y++) {
      for (int x = 0; x < rows[y].length; x++) {
        columns[x][y] = rows[y][x];
      }
    }
    return columns;
  }

  private static double[] of(double[] values) {
    double[] c = values.clone();
    c[0] *= 2;
    c[LENGTH - 1] *= 2;
    for (int k = 1; k < LENGTH - 1; k += 2) {
      double next = c[k + 1];
      c[k + 1] = next - c[k];
      c[k] = next + c[k];
    }
    // The inverse Fourier transform to real numbers.
    c = byFour(8, 1, byFour(2, 4, byTwo(c)));
    int half = LENGTH / 2;
    for (int k = 1; k < half; k++) {
      int other = LENGTH - k;
      double t1 = TWIDDLES[k] * c[other] + TWIDDLES[other] * c[k];
      double t2 = TWIDDLES[k] * c[k] - TWIDDLES[other] * c[other];
      c[k] = 0.5 * (t1 + t2);
      c[other] = 0.5 * (t1 - t2);
    }
    c[half] *= TWIDDLES[half];
    return c;
  }

  /** The first step of the Fourier transform, two halves ({@code radb2}). */
  private static double[] byTwo(double[] c) {
    int half = LENGTH / 2;
    double[] result = new double[LENGTH];
    result[0] = c[0] + c[LENGTH - 1];
    result[half] = c[0] - c[LENGTH - 1];
    result[half - 1] = 2 * c[half - 1];
    result[LENGTH - 1] = -2 * c[half];
    for (int i = 2; i < half; i += 2) {
      int mirrored = half - i;
      result[i - 1] = c[i - 1] + c[half + mirrored - 1];
      result[i] = c[i] - c[half + mirrored];
      double re = c[i - 1] - c[half + mirrored - 1];
      double im = c[i] + c[half + mirrored];
      turn(result, half + i, 1, i, re, im);
    }
    return result;
  }

  /**
   * A later step, four quarters ({@code radb4}).
   *
   * @param groups how many transforms there are by now
   * @param size how many numbers of each come together
   */
  private static double[] byFour(int groups, int size, double[] c) {
    double[] result = new double[LENGTH];
    int quarter = size * groups;
    for (int k = 0; k < groups; k++) {
      int from = 4 * size * k;
      int to = size * k;
      double tr2 = c[from] + c[from + 4 * size - 1];
      double tr1 = c[from] - c[from + 4 * size - 1];
      double tr3 = 2 * c[from + 2 * size - 1];
      double tr4 = 2 * c[from + 2 * size];
      result[to] = tr2 + tr3;
      result[to + 2 * quarter] = tr2 - tr3;
      result[to + 3 * quarter] = tr1 + tr4;
      result[to + quarter] = tr1 - tr4;
    }
    if (size == 1) {
      return result;
    }
    for (int k = 0; k < groups; k++) {
      int from = 4 * size * k;
      int last = size * k + size - 1;
      double ti1 = c[from + 3 * size] + c[from + size];
      double ti2 = c[from + 3 * size] - c[from + size];
      double tr2 = c[from + size - 1] + c[from + 3 * size - 1];
      double tr1 = c[from + size - 1] - c[from + 3 * size - 1];
      result[last] = tr2 + tr2;
      result[last + quarter] = SQRT_2 * (tr1 - ti1);
      result[last + 2 * quarter] = ti2 + ti2;
      result[last + 3 * quarter] = -SQRT_2 * (tr1 + ti1);
    }
    for (int k = 0; k < groups; k++) {
      for (int i = 2; i < size; i += 2) {
        int from = 4 * size * k + i;
        int mirrored = 4 * size * k + size - i;
        int to = size * k + i;
        double tr2 = c[from - 1] + c[mirrored + 3 * size - 1];
        double tr1 = c[from - 1] - c[mirrored + 3 * size - 1];
        double ti1 = c[from] + c[mirrored + 3 * size];
        double ti2 = c[from] - c[mirrored + 3 * size];
        double tr4 = c[from + 2 * size] + c[mirrored + size];
        double ti3 = c[from + 2 * size] - c[mirrored + size];
        double tr3 = c[from + 2 * size - 1] + c[mirrored + size - 1];
        double ti4 = c[from + 2 * size - 1] - c[mirrored + size - 1];
        result[to - 1] = tr2 + tr3;
        result[to] = ti2 + ti3;
        turn(result, to + quarter, groups, i, tr1 - tr4, ti1 + ti4);
        turn(result, to + 2 * quarter, 2 * groups, i, tr2 - tr3, ti2 - ti3);
        turn(result, to + 3 * quarter, 3 * groups, i, tr1 + tr4, ti1 - ti4);
      }
    }
    return result;
  }

  /** Puts the complex number at {@code at}, turned by {@code part} · {@code i} / 2 of 32 parts. */
  private static void turn(double[] result, int at, int part, int i, double re, double im) {
    double cos = COS[part * i / 2];
    double sin = SIN[part * i / 2];
    result[at] = cos * im + sin * re;
    result[at - 1] = cos * re - sin * im;
  }
}
