package io.github.kolors4j.lab;

import java.util.List;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;
import org.apache.commons.math3.stat.correlation.Covariance;

/**
 * How far one set of feature vectors lies from another, both taken for normally distributed: {@code
 * |m1 - m2|² + tr(C1 + C2 - 2 (C1^½ C2 C1^½)^½)}, as the Fréchet Inception distance (Heusel et al.
 * 2017, arXiv:1706.08500), but over the features of the classifier of this corpus.
 */
final class FrechetDistance {
  private final RealVector mean;
  private final RealMatrix covariance;

  /**
   * @param features at least two vectors of one length
   */
  FrechetDistance(List<float[]> features) {
    if (features.size() < 2) {
      throw new IllegalArgumentException("A spread needs two pictures at least.");
    }
    int size = features.get(0).length;
    double[][] rows = new double[features.size()][size];
    double[] sum = new double[size];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < size; j++) {
        rows[i][j] = features.get(i)[j];
        sum[j] += rows[i][j] / rows.length;
      }
    }
    mean = MatrixUtils.createRealVector(sum);
    covariance = new Covariance(rows).getCovarianceMatrix();
  }

  /** From 0, where both sets have the same mean and covariance. */
  double to(FrechetDistance other) {
    RealMatrix root = root(covariance);
    RealMatrix product = root.multiply(other.covariance).multiply(root);
    double[] eigenvalues = new EigenDecomposition(symmetric(product)).getRealEigenvalues();
    double trace = covariance.getTrace() + other.covariance.getTrace();
    for (double eigenvalue : eigenvalues) {
      trace -= 2 * Math.sqrt(Math.max(0, eigenvalue));
    }
    double shift = mean.subtract(other.mean).getNorm();
    return shift * shift + Math.max(0, trace);
  }

  /** Of a symmetric matrix without negative eigenvalues, but for rounding. */
  private static RealMatrix root(RealMatrix matrix) {
    EigenDecomposition parts = new EigenDecomposition(matrix);
    double[] roots = parts.getRealEigenvalues();
    for (int i = 0; i < roots.length; i++) {
      roots[i] = Math.sqrt(Math.max(0, roots[i]));
    }
    RealMatrix vectors = parts.getV();
    return vectors
        .multiply(MatrixUtils.createRealDiagonalMatrix(roots))
        .multiply(vectors.transpose());
  }

  private static RealMatrix symmetric(RealMatrix matrix) {
    return matrix.add(matrix.transpose()).scalarMultiply(0.5);
  }
}
