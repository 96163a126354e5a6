package io.github.kolors4j.concepts;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.dataset.CaptionedImages;
import io.github.kolors4j.dataset.CaptionedPicture;
import io.github.kolors4j.image.PictureGrid;
import io.github.kolors4j.image.Pictures;
import io.github.kolors4j.image.Renderable;
import io.github.kolors4j.internal.image.PictureTensor;
import io.github.kolors4j.internal.tensor.PyTorch;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Square pictures of few pixels, such as a small network learns within a minute on a CPU: each is
 * {@code 3 · side · side} numbers from -1 to 1, red, green and blue one after another. Immutable,
 * and held by Java: nothing to close.
 */
public final class SmallPictures implements Renderable {
  private static final int SHOWN = 96;

  private final int side;
  private final float[] values;

  private SmallPictures(int side, float[] values) {
    this.side = side;
    this.values = values;
  }

  /**
   * The pictures of a set, the middle square of each, shrunk.
   *
   * @param side width and height in pixels
   * @throws io.github.kolors4j.image.PictureException if one cannot be read; filter the set first
   */
  public static SmallPictures of(CaptionedImages pictures, int side) {
    float[] values = new float[pictures.size() * 3 * side * side];
    int at = 0;
    for (CaptionedPicture picture : pictures) {
      BufferedImage small = Pictures.cover(picture.read(), side, side);
      float[] numbers = PictureTensor.toFloats(Pictures.centerCrop(small, side, side));
      System.arraycopy(numbers, 0, values, at, numbers.length);
      at += numbers.length;
    }
    return new SmallPictures(side, values);
  }

  /**
   * Pictures from their numbers, for instance what a {@link ReverseProcess} left after a step.
   *
   * @param values {@code 3 · side · side} numbers a picture; those outside of [-1, 1] are shown as
   *     the nearer limit
   */
  public static SmallPictures of(int side, float[] values) {
    if (side < 1 || values.length % (3 * side * side) != 0) {
      throw new IllegalArgumentException(
          "%d numbers are not a whole number of pictures of 3 x %d x %d."
              .formatted(values.length, side, side));
    }
    return new SmallPictures(side, values.clone());
  }

  /** How many pictures there are. */
  public int size() {
    return values.length / numbers();
  }

  /** Width and height in pixels. */
  public int side() {
    return side;
  }

  private int numbers() {
    return 3 * side * side;
  }

  /** The first pictures, as many as there are up to {@code count}. */
  public SmallPictures first(int count) {
    return new SmallPictures(side, Arrays.copyOf(values, Math.min(count, size()) * numbers()));
  }

  /** The pictures as a float32 array (n, 3, side, side) of the manager. */
  public NDArray toArray(NDManager manager) {
    return manager.create(values, new Shape(size(), 3, side, side));
  }

  /** A batch for a step of a training, drawn with replacement: (batch, 3, side, side). */
  public NDArray draw(Fitting.Step step) {
    int[] chosen = step.below(size());
    float[] batch = new float[chosen.length * numbers()];
    for (int i = 0; i < chosen.length; i++) {
      System.arraycopy(values, chosen[i] * numbers(), batch, i * numbers(), numbers());
    }
    return step.manager().create(batch, new Shape(chosen.length, 3, side, side));
  }

  /**
   * For each of these pictures the one of others that is most like it: the least mean squared
   * difference. Shows whether a model draws new pictures or has learned some by heart.
   */
  public SmallPictures nearestIn(SmallPictures others) {
    if (others.side != side || others.size() == 0) {
      throw new IllegalArgumentException(
          "To compare, pictures of the same side are needed, at least one; got "
              + others
              + " beside "
              + this
              + ".");
    }
    float[] nearest = new float[values.length];
    for (int i = 0; i < size(); i++) {
      int best = 0;
      for (int k = 1; k < others.size(); k++) {
        if (difference(i, others, k) < difference(i, others, best)) {
          best = k;
        }
      }
      System.arraycopy(others.values, best * numbers(), nearest, i * numbers(), numbers());
    }
    return new SmallPictures(side, nearest);
  }

  /** The root of the mean squared difference to other pictures, one by one: 0 for equal ones. */
  public double differenceTo(SmallPictures others) {
    if (others.side != side || others.size() != size()) {
      throw new IllegalArgumentException(
          "Pictures are compared one by one: " + this + " and " + others + ".");
    }
    double sum = 0;
    for (int i = 0; i < size(); i++) {
      sum += difference(i, others, i);
    }
    return Math.sqrt(sum / values.length);
  }

  private double difference(int index, SmallPictures others, int other) {
    double sum = 0;
    for (int i = 0; i < numbers(); i++) {
      double difference =
          Math.max(-1, Math.min(1, values[index * numbers() + i]))
              - others.values[other * numbers() + i];
      sum += difference * difference;
    }
    return sum;
  }

  /** Each picture, enlarged so that its pixels can be counted. */
  public List<BufferedImage> images() {
    List<BufferedImage> images = new ArrayList<>();
    try (NDManager manager = PyTorch.manager();
        NDArray all = toArray(manager)) {
      for (BufferedImage picture : PictureTensor.toPictures(all)) {
        images.add(enlarged(picture));
      }
    }
    return images;
  }

  private BufferedImage enlarged(BufferedImage picture) {
    int width = Math.max(1, SHOWN / side) * side;
    BufferedImage large = new BufferedImage(width, width, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = large.createGraphics();
    g.drawImage(picture, 0, 0, width, width, null); // nearest neighbour
    g.dispose();
    return large;
  }

  /** Up to eight in a row. */
  @Override
  public BufferedImage render() {
    int columns = Math.min(8, size());
    return PictureGrid.of(images(), (size() + columns - 1) / columns, columns).render();
  }

  @Override
  public String toString() {
    return size() + " pictures of " + side + " x " + side;
  }
}
