package io.github.kolors4j.concepts;

import java.util.Arrays;

/**
 * How far two clouds of points are apart: the sliced Wasserstein distance of order 2 (Bonneel et
 * al. 2015).
 *
 * <p>Seen along one direction, a cloud is a row of numbers, and the cheapest way to carry one row
 * over to another is in sorted order. The distance is the root of the mean squared way, averaged
 * over directions. It is in the units of the coordinates: a cloud moved by a vector of length d is
 * d / √2 away.
 */
public final class SlicedWasserstein {
  /** Directions, evenly spread over half a turn: enough for an error far below the clouds' own. */
  private static final int DIRECTIONS = 64;

  private SlicedWasserstein() {}

  /**
   * The distance between two clouds of equally many points, at least one. Two clouds drawn from the
   * same distribution are not at 0, but at what chance makes: measure that, too.
   */
  public static double between(Points one, Points other) {
    if (one.size() != other.size() || one.size() == 0) {
      throw new IllegalArgumentException(
          "The distance is measured between equally many points, at least one; not %d and %d: first(n) takes as many as you want."
              .formatted(one.size(), other.size()));
    }
    double squares = 0;
    for (int i = 0; i < DIRECTIONS; i++) {
      double angle = Math.PI * (i + 0.5) / DIRECTIONS;
      double[] from = along(one, angle);
      double[] to = along(other, angle);
      for (int k = 0; k < from.length; k++) {
        squares += (from[k] - to[k]) * (from[k] - to[k]);
      }
    }
    return Math.sqrt(squares / DIRECTIONS / one.size());
  }

  /** How far the points lie in a direction, sorted. */
  private static double[] along(Points points, double angle) {
    double[] places = new double[points.size()];
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    for (int i = 0; i < places.length; i++) {
      places[i] = cos * points.x(i) + sin * points.y(i);
    }
    Arrays.sort(places);
    return places;
  }
}
