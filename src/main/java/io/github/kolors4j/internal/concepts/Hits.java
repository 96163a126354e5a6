package io.github.kolors4j.internal.concepts;

/**
 * How often something was as asked.
 *
 * @param right how many pictures show it
 * @param all how many were asked to
 */
public record Hits(int right, int all) {
  public static final Hits NONE = new Hits(0, 0);

  /** From 0 to 1; not a number if none was asked for. */
  public double share() {
    return (double) right / all;
  }

  public Hits plus(Hits other) {
    return new Hits(right + other.right, all + other.all);
  }
}
