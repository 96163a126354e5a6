package io.github.kolors4j.concepts;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.image.Renderable;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.tensor.TorchRandom;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * A cloud of points in the plane. Immutable, and held by Java: nothing to close.
 *
 * <p>The clouds that this class draws have mean 0 and a standard deviation of about 1 in each
 * direction, as a picture's latents do, so that the same noise suits all of them. The same seed
 * gives the same points.
 */
public final class Points implements Renderable {
  private final float[] values;

  private Points(float[] values) {
    this.values = values;
  }

  /** Points of x and y in turn: {@code of(x0, y0, x1, y1)}. */
  public static Points of(float... coordinates) {
    if (coordinates.length % 2 != 0) {
      throw new IllegalArgumentException(
          "Points have two coordinates each; "
              + coordinates.length
              + " numbers are not a whole number of points.");
    }
    return new Points(coordinates.clone());
  }

  /**
   * The rows of an array.
   *
   * @param array float32 (n, 2); it stays the caller's
   */
  public static Points of(NDArray array) {
    Shape shape = array.getShape();
    if (shape.dimension() != 2 || shape.get(1) != 2) {
      throw new IllegalArgumentException(
          "Points are the rows of an array of shape (n, 2), not " + shape + ".");
    }
    return new Points(array.toFloatArray());
  }

  /** A swirl: one arm that turns one and a half times (the "Swiss roll" seen from above). */
  public static Points swirl(int n, long seed) {
    TorchRandom random = new TorchRandom(seed);
    float[] turn = random.rand(n);
    float[] noise = random.randn(n, 2);
    float[] values = new float[2 * n];
    for (int i = 0; i < n; i++) {
      double t = 1.5 * Math.PI * (1 + 2 * turn[i]);
      // 2 and 0.2 is the arm's centre of mass, 6.8 its standard deviation
      values[2 * i] = (float) ((t * Math.cos(t) - 2) / 6.8 + 0.04 * noise[2 * i]);
      values[2 * i + 1] = (float) ((t * Math.sin(t) - 0.2) / 6.8 + 0.04 * noise[2 * i + 1]);
    }
    return new Points(values);
  }

  /** Two half moons, each with an end in the other's hollow. */
  public static Points moons(int n, long seed) {
    TorchRandom random = new TorchRandom(seed);
    float[] turn = random.rand(n);
    float[] noise = random.randn(n, 2);
    float[] values = new float[2 * n];
    for (int i = 0; i < n; i++) {
      double angle = Math.PI * turn[i];
      double side = i % 2 == 0 ? 1 : -1; // the second moon is the first, turned by half a turn
      double x = side * (Math.cos(angle) - 0.5);
      double y = side * (Math.sin(angle) - 0.25);
      values[2 * i] = (float) (1.15 * x + 0.08 * noise[2 * i]);
      values[2 * i + 1] = (float) (2 * y + 0.08 * noise[2 * i + 1]);
    }
    return new Points(values);
  }

  /** The eight dark squares of a board of four by four. */
  public static Points checkerboard(int n, long seed) {
    TorchRandom random = new TorchRandom(seed);
    float[] inSquare = random.rand(n, 2);
    long[] square = random.randint(0, 8, n);
    float[] values = new float[2 * n];
    double side = Math.sqrt(0.75); // gives a standard deviation of 1
    for (int i = 0; i < n; i++) {
      long row = square[i] / 2;
      long column = 2 * (square[i] % 2) + row % 2;
      values[2 * i] = (float) (side * (column - 2 + inSquare[2 * i]));
      values[2 * i + 1] = (float) (side * (row - 2 + inSquare[2 * i + 1]));
    }
    return new Points(values);
  }

  /**
   * Normal distributions of standard deviation 0.1 in a ring: what shows whether a model forgets
   * some of them.
   *
   * @param modes how many, at least 1
   */
  public static Points ring(int modes, int n, long seed) {
    Points centres = ringCentres(modes);
    TorchRandom random = new TorchRandom(seed);
    long[] mode = random.randint(0, modes, n);
    float[] noise = random.randn(n, 2);
    float[] values = new float[2 * n];
    for (int i = 0; i < n; i++) {
      values[2 * i] = (float) (centres.x((int) mode[i]) + 0.1 * noise[2 * i]);
      values[2 * i + 1] = (float) (centres.y((int) mode[i]) + 0.1 * noise[2 * i + 1]);
    }
    return new Points(values);
  }

  /** The centres of {@link #ring}, on a circle of radius √2, anticlockwise from the right. */
  public static Points ringCentres(int modes) {
    float[] values = new float[2 * modes];
    for (int i = 0; i < modes; i++) {
      double angle = 2 * Math.PI * i / modes;
      values[2 * i] = (float) (Math.sqrt(2) * Math.cos(angle));
      values[2 * i + 1] = (float) (Math.sqrt(2) * Math.sin(angle));
    }
    return new Points(values);
  }

  /** The standard normal distribution: pure noise. */
  public static Points gaussian(int n, long seed) {
    return new Points(new TorchRandom(seed).randn(n, 2));
  }

  /** How many points there are. */
  public int size() {
    return values.length / 2;
  }

  public float x(int index) {
    return values[2 * index];
  }

  public float y(int index) {
    return values[2 * index + 1];
  }

  /** The first points, as many as there are up to {@code count}. */
  public Points first(int count) {
    return slice(0, Math.min(count, size()));
  }

  /** The points from an index to before another one. */
  public Points slice(int from, int to) {
    return new Points(Arrays.copyOfRange(values, 2 * from, 2 * to));
  }

  /** The points as a float32 array (n, 2) of the manager. */
  public NDArray toArray(NDManager manager) {
    return manager.create(values, new Shape(size(), 2));
  }

  /**
   * Every point mapped by a computation on arrays (n, 2), for instance a network. No gradients are
   * recorded, and what the computation needs in between is freed.
   *
   * <pre>{@code
   * var drawn = Points.gaussian(2000, 0).through(generator::forward);
   * }</pre>
   */
  public Points through(UnaryOperator<NDArray> map) {
    // The manager first: it loads the engine that the gradients' switch belongs to.
    try (NDManager manager = PyTorch.manager(Device.cpu());
        Gradients off = Gradients.disable()) {
      return of(map.apply(toArray(manager)));
    }
  }

  /**
   * Each point on the straight way to the goal's point of the same index.
   *
   * @param goal equally many points
   * @param share how much of the way: 0 stays here, 1 is the goal
   */
  public Points towards(Points goal, double share) {
    if (goal.size() != size()) {
      throw new IllegalArgumentException(
          "Each point goes to one of the goal's: %d points cannot go to %d."
              .formatted(size(), goal.size()));
    }
    float[] between = new float[values.length];
    for (int i = 0; i < between.length; i++) {
      between[i] = (float) ((1 - share) * values[i] + share * goal.values[i]);
    }
    return new Points(between);
  }

  /**
   * The share of these points, 0 to 1, that have one of the others within a distance. Of what a
   * model drew, near the data, it is the precision: how much of it is right. Of the data, near what
   * the model drew, the recall: how much of them was found.
   */
  public double near(Points others, double distance) {
    int near = 0;
    for (int i = 0; i < size(); i++) {
      near += isNear(i, others, distance) ? 1 : 0;
    }
    return (double) near / size();
  }

  private boolean isNear(int index, Points others, double distance) {
    for (int k = 0; k < others.size(); k++) {
      double dx = x(index) - others.x(k);
      double dy = y(index) - others.y(k);
      if (dx * dx + dy * dy <= distance * distance) {
        return true;
      }
    }
    return false;
  }

  /** A picture of the points. */
  public Scatter scatter() {
    return Scatter.of(this);
  }

  @Override
  public BufferedImage render() {
    return scatter().render();
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%,d points", size());
  }
}
