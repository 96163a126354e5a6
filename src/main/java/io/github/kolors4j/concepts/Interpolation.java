package io.github.kolors4j.concepts;

/** Two ways between two points of many dimensions. */
public final class Interpolation {
  /** Directions nearer to each other than this are mixed linearly: the sine would be 0. */
  private static final double ALMOST_PARALLEL = 1e-6;

  private Interpolation() {}

  /**
   * The straight way: {@code (1 - t) a + t b}.
   *
   * @param t 0 for {@code a}, 1 for {@code b}
   */
  public static float[] linear(float[] a, float[] b, double t) {
    return sum(a, 1 - t, b, t);
  }

  /**
   * The way along the sphere, {@code (sin((1 - t) θ) a + sin(t θ) b) / sin(θ)}, where θ is the
   * angle between both (slerp; Shoemake 1985, White 2016, arXiv:1609.04468). Between noises, which
   * all lie near one sphere, every point of it is a noise again.
   *
   * @param t 0 for {@code a}, 1 for {@code b}
   * @throws IllegalArgumentException if one is zero, or they point against each other: there are
   *     many ways then
   */
  public static float[] spherical(float[] a, float[] b, double t) {
    double lengths = length(a) * length(b);
    if (lengths == 0) {
      throw new IllegalArgumentException("A point of length 0 lies on no sphere.");
    }
    double cosine = Math.max(-1, Math.min(1, dot(a, b) / lengths));
    double angle = Math.acos(cosine);
    if (Math.PI - angle < ALMOST_PARALLEL) {
      throw new IllegalArgumentException(
          "Both point against each other: every way round the sphere is as short.");
    }
    if (angle < ALMOST_PARALLEL) {
      return linear(a, b, t);
    }
    return sum(
        a, Math.sin((1 - t) * angle) / Math.sin(angle), b, Math.sin(t * angle) / Math.sin(angle));
  }

  /** The distance from the origin. */
  public static double length(float[] point) {
    return Math.sqrt(dot(point, point));
  }

  private static double dot(float[] a, float[] b) {
    requireSameLength(a, b);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static float[] sum(float[] a, double ofA, float[] b, double ofB) {
    requireSameLength(a, b);
    float[] sum = new float[a.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = (float) (ofA * a[i] + ofB * b[i]);
    }
    return sum;
  }

  private static void requireSameLength(float[] a, float[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "The points have %d and %d numbers, but must have as many as each other."
              .formatted(a.length, b.length));
    }
  }
}
