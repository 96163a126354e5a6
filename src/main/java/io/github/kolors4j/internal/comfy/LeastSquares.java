package io.github.kolors4j.internal.comfy;

/** A linear map that fits examples best: the normal equations of several outputs at once. */
final class LeastSquares {
  private final int features;
  private final int outputs;

  /** Sums of products: of features with each other, then of features with outputs. */
  private final double[][] sums;

  LeastSquares(int features, int outputs) {
    this.features = features;
    this.outputs = outputs;
    sums = new double[features][features + outputs];
  }

  /** Takes one example in. */
  void add(float[] example, float[] wanted) {
    for (int i = 0; i < features; i++) {
      for (int j = 0; j < features; j++) {
        sums[i][j] += (double) example[i] * example[j];
      }
      for (int j = 0; j < outputs; j++) {
        sums[i][features + j] += (double) example[i] * wanted[j];
      }
    }
  }

  /**
   * The factors of each output.
   *
   * @param ridge how much the factors are held small, relative to each feature's size
   */
  double[][] solve(double ridge) {
    double[][] a = new double[features][];
    for (int i = 0; i < features; i++) {
      a[i] = sums[i].clone();
      a[i][i] += ridge * a[i][i] + 1e-12;
    }
    for (int column = 0; column < features; column++) { // Gauss and Jordan, largest pivot first
      int pivot = column;
      for (int i = column + 1; i < features; i++) {
        pivot = Math.abs(a[i][column]) > Math.abs(a[pivot][column]) ? i : pivot;
      }
      double[] swapped = a[column];
      a[column] = a[pivot];
      a[pivot] = swapped;
      for (int i = 0; i < features; i++) {
        double factor = i == column ? 0 : a[i][column] / a[column][column];
        for (int j = column; factor != 0 && j < features + outputs; j++) {
          a[i][j] -= factor * a[column][j];
        }
      }
    }
    double[][] factors = new double[outputs][features];
    for (int o = 0; o < outputs; o++) {
      for (int f = 0; f < features; f++) {
        factors[o][f] = a[f][features + o] / a[f][f];
      }
    }
    return factors;
  }
}
