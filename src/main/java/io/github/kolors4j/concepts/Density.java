package io.github.kolors4j.concepts;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;

/**
 * How dense something lies in the plane, on a lattice of square cells.
 *
 * @param range the lattice covers -range to range in both directions
 * @param cells how many cells in a row
 * @param values of each cell, 0 or more; row by row from the lowest y, each from the lowest x
 */
public record Density(double range, int cells, double[] values) {
  private static final int CELLS = 64;

  /** Checks the number of values. */
  public Density {
    if (values.length != cells * cells || cells < 1) {
      throw new IllegalArgumentException(
          cells + " x " + cells + " cells have as many values, not " + values.length + ".");
    }
    values = values.clone();
  }

  /** The values of a function of x and y, at the middle of 64 × 64 cells. */
  public static Density of(double range, DoubleBinaryOperator function) {
    double[] values = new double[CELLS * CELLS];
    double side = 2 * range / CELLS;
    for (int i = 0; i < values.length; i++) {
      double x = -range + (i % CELLS + 0.5) * side;
      double y = -range + (i / CELLS + 0.5) * side;
      values[i] = function.applyAsDouble(x, y);
    }
    return new Density(range, CELLS, values);
  }

  /** The exact density of a mixture. */
  public static Density of(double range, GaussianMixture mixture) {
    return of(range, (x, y) -> Math.exp(mixture.logDensity(x, y)));
  }

  /** An estimate from points: how many lie in each of 64 × 64 cells, a little smoothed. */
  public static Density of(double range, Points points) {
    double[] counts = new double[CELLS * CELLS];
    for (int i = 0; i < points.size(); i++) {
      int column = (int) Math.floor((points.x(i) + range) / (2 * range) * CELLS);
      int row = (int) Math.floor((points.y(i) + range) / (2 * range) * CELLS);
      if (column >= 0 && column < CELLS && row >= 0 && row < CELLS) {
        counts[row * CELLS + column]++;
      }
    }
    return new Density(range, CELLS, smooth(smooth(counts, 1), CELLS));
  }

  /** Weights 1, 2, 1 over neighbours that lie {@code stride} apart. */
  private static double[] smooth(double[] values, int stride) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      int place = i / stride % CELLS;
      double before = place == 0 ? 0 : values[i - stride];
      double after = place == CELLS - 1 ? 0 : values[i + stride];
      result[i] = (before + 2 * values[i] + after) / 4;
    }
    return result;
  }

  /** The value of a cell. */
  double at(int column, int row) {
    return values[row * cells + column];
  }

  /** The value that all but a hundredth of the cells stay below: what is drawn darkest. */
  double darkest() {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double high = sorted[(int) (0.99 * (sorted.length - 1))];
    return high > 0 ? high : Math.max(sorted[sorted.length - 1], Double.MIN_NORMAL);
  }
}
