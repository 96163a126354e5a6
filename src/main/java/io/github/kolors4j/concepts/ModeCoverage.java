package io.github.kolors4j.concepts;

/**
 * How many of a distribution's modes a cloud of points covers: what mode collapse is measured by.
 *
 * <p>A point belongs to a mode if it lies within the radius of its centre. A mode is covered if at
 * least a quarter of its fair share of all points belongs to it.
 *
 * @param covered modes that are covered
 * @param modes how many there are
 * @param atModes the share of the points that belong to any mode, 0 to 1
 */
public record ModeCoverage(int covered, int modes, double atModes) {

  /**
   * Counts.
   *
   * @param points what a model drew
   * @param centres of modes that are equally frequent, more than two radii apart
   * @param radius three standard deviations of a mode, for instance
   */
  public static ModeCoverage of(Points points, Points centres, double radius) {
    int[] counts = new int[centres.size()];
    int near = 0;
    for (int i = 0; i < points.size(); i++) {
      for (int m = 0; m < counts.length; m++) {
        double dx = points.x(i) - centres.x(m);
        double dy = points.y(i) - centres.y(m);
        if (dx * dx + dy * dy <= radius * radius) {
          counts[m]++;
          near++;
        }
      }
    }
    double enough = 0.25 * points.size() / counts.length;
    int covered = 0;
    for (int count : counts) {
      covered += count >= enough ? 1 : 0;
    }
    return new ModeCoverage(covered, counts.length, (double) near / points.size());
  }

  @Override
  public String toString() {
    return "%d/%d".formatted(covered, modes);
  }
}
