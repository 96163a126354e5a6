package io.github.kolors4j.internal.juicer;

/**
 * Between which values of a statistic a filter keeps a sample, both included; infinite where it
 * sets no bound.
 *
 * @param lower the least value that stays
 * @param upper the greatest value that stays
 */
public record Bounds(double lower, double upper) {
  /** No bounds at all. */
  public static final Bounds NONE = new Bounds(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  /** Data-juicer writes "no bound" as the largest 64-bit integer; such values become infinite. */
  public static Bounds of(double lower, double upper) {
    return new Bounds(
        lower <= -Long.MAX_VALUE ? Double.NEGATIVE_INFINITY : lower,
        upper >= Long.MAX_VALUE ? Double.POSITIVE_INFINITY : upper);
  }

  /** The bounds of two filters one after the other. */
  public Bounds and(Bounds other) {
    return new Bounds(Math.max(lower, other.lower), Math.min(upper, other.upper));
  }

  /** Whether a value lies within. */
  public boolean contains(double value) {
    return lower <= value && value <= upper;
  }
}
