package io.github.kolors4j.concepts;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;

/**
 * Arrows on a lattice of points, for instance a score: at each point where it leads to.
 *
 * @param at where the arrows begin
 * @param arrows each arrow's x and y, as many as there are points
 * @param spacing the distance between neighbouring points
 */
public record VectorField(Points at, Points arrows, double spacing) {

  public VectorField {
    if (at.size() != arrows.size() || at.size() == 0) {
      throw new IllegalArgumentException(
          at.size() + " points and " + arrows.size() + " arrows: each point has one.");
    }
  }

  /**
   * The arrows that a function gives.
   *
   * @param range the lattice covers -range to range in both directions
   * @param count how many arrows in a row, at least 2
   * @param field from points (n, 2) to arrows (n, 2); computed without gradients
   */
  public static VectorField of(double range, int count, UnaryOperator<NDArray> field) {
    if (count < 2) {
      throw new IllegalArgumentException(
          "A vector field has at least 2 arrows in a row, not " + count + ".");
    }
    double spacing = 2 * range / count;
    float[] coordinates = new float[2 * count * count];
    for (int i = 0; i < count * count; i++) {
      coordinates[2 * i] = (float) (-range + (i % count + 0.5) * spacing);
      coordinates[2 * i + 1] = (float) (-range + (i / count + 0.5) * spacing);
    }
    Points at = Points.of(coordinates);
    return new VectorField(at, at.through(field), spacing);
  }

  /** The length of an arrow. */
  double length(int index) {
    return Math.hypot(arrows.x(index), arrows.y(index));
  }
}
