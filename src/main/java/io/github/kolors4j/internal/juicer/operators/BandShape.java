package io.github.kolors4j.internal.juicer.operators;

import java.util.function.DoubleUnaryOperator;

/**
 * How many bands of how many rows locality sensitive hashing should have. (After datasketch's
 * {@code _optimal_param}.)
 */
record BandShape(int bands, int rows) {
  private static final int PANELS = 32;

  /** Nodes and weights of Gauss and Legendre's quadrature with five points, on [-1, 1]. */
  private static final double[] NODES = {
    -0.906179845938664, -0.538469310105683, 0, 0.538469310105683, 0.906179845938664
  };

  private static final double[] WEIGHTS = {
    0.236926885056189, 0.478628670499366, 0.568888888888889, 0.478628670499366, 0.236926885056189
  };

  /**
   * The shape with the least probability of taking texts below the threshold for alike, or those
   * above it for different, over all similarities.
   */
  static BandShape optimal(double threshold, int permutations) {
    double least = Double.POSITIVE_INFINITY;
    BandShape best = new BandShape(0, 0);
    for (int bands = 1; bands <= permutations; bands++) {
      for (int rows = 1; rows <= permutations / bands; rows++) {
        int b = bands;
        int r = rows;
        DoubleUnaryOperator missed = s -> Math.pow(1 - Math.pow(s, r), b);
        double falsePositives = integral(s -> 1 - missed.applyAsDouble(s), 0, threshold);
        double falseNegatives = integral(missed, threshold, 1);
        double error = 0.5 * falsePositives + 0.5 * falseNegatives;
        if (error < least) {
          least = error;
          best = new BandShape(bands, rows);
        }
      }
    }
    return best;
  }

  private static double integral(DoubleUnaryOperator function, double from, double to) {
    double half = (to - from) / PANELS / 2;
    double sum = 0;
    for (int panel = 0; panel < PANELS; panel++) {
      double center = from + (2 * panel + 1) * half;
      for (int i = 0; i < NODES.length; i++) {
        sum += WEIGHTS[i] * function.applyAsDouble(center + half * NODES[i]);
      }
    }
    return sum * half;
  }
}
