package io.github.kolors4j.training;

import static io.github.kolors4j.internal.training.TrainingTable.*;

import io.github.kolors4j.internal.training.TrainingOption;
import io.github.kolors4j.internal.training.TrainingOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Sizes of about the same area and different shapes: each picture is trained in the one that is
 * nearest to its own shape, so that little is cropped (sd-scripts' {@code
 * model_util.make_bucket_resolutions} and {@code BucketManager.select_bucket}; NovelAI 2022).
 */
final class AspectRatioBuckets {

  /** A size in pixels. */
  record Size(int width, int height) {
    double aspectRatio() {
      return (double) width / height;
    }

    @Override
    public String toString() {
      return width + "×" + height;
    }
  }

  private static final Comparator<Size> ORDER =
      Comparator.comparingInt(Size::width).thenComparingInt(Size::height);

  private final List<Size> sizes;

  private AspectRatioBuckets(List<Size> sizes) {
    this.sizes = List.copyOf(sizes);
  }

  /**
   * The sizes that pictures are brought to: the training's alone, or buckets around it. What is not
   * said of them is a quarter, twice and a sixteenth of the size: sd-scripts' 256 and 64 at 1024².
   *
   * @param multiple of which all sides must be: how many pixels of a picture are one latent
   */
  static AspectRatioBuckets of(TrainingOptions options, int multiple) {
    int width = options.get(WIDTH);
    int height = options.get(HEIGHT);
    Size size = new Size(width, height);
    if (!options.get(ENABLE_BUCKET)) {
      return only(size);
    }
    int side = (int) Math.sqrt((double) width * height);
    int steps = given(options, BUCKET_RESO_STEPS, Math.max(1, side / 16 / multiple) * multiple);
    int shortest = given(options, MIN_BUCKET_RESO, Math.max(1, side / 4 / steps) * steps);
    int longest = given(options, MAX_BUCKET_RESO, 2 * side / steps * steps);
    require(steps % multiple == 0, "bucket_reso_steps", steps, "a multiple of " + multiple);
    require(
        shortest % steps == 0,
        "min_bucket_reso",
        shortest,
        "a multiple of bucket_reso_steps (%d)".formatted(steps));
    require(
        longest >= Math.max(width, height) && longest >= shortest,
        "max_bucket_reso",
        longest,
        "at least the training size (%d×%d) and min_bucket_reso (%d)"
            .formatted(height, width, shortest));
    require(steps <= side, "bucket_reso_steps", steps, "no more than the training size");
    return around(size, shortest, longest, steps);
  }

  /** What is said of a bucket's side, if it is; otherwise what is usual beside the others. */
  private static int given(TrainingOptions options, TrainingOption<Integer> side, int usual) {
    return options.get(side) > 0 ? options.get(side) : usual;
  }

  private static void require(boolean holds, String name, int value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "%s is %s, but must be %s.".formatted(name, value, expected));
    }
  }

  /** The one size for all. */
  static AspectRatioBuckets only(Size size) {
    return new AspectRatioBuckets(List.of(size));
  }

  /**
   * All sizes of at most an area.
   *
   * @param area a size that has this area
   * @param shortest side of any of them
   * @param longest side of any of them
   * @param steps of which sides are multiples
   */
  static AspectRatioBuckets around(Size area, int shortest, int longest, int steps) {
    long pixels = (long) area.width() * area.height();
    TreeSet<Size> sizes = new TreeSet<>(ORDER);
    int square = (int) (Math.sqrt(pixels) / steps) * steps;
    sizes.add(new Size(square, square));
    for (int width = shortest; width <= longest; width += steps) {
      int height = (int) Math.min(longest, pixels / width / steps * steps);
      if (height >= shortest) {
        sizes.add(new Size(width, height));
        sizes.add(new Size(height, width));
      }
    }
    return new AspectRatioBuckets(new ArrayList<>(sizes));
  }

  /** The sizes, narrow ones first. */
  List<Size> sizes() {
    return sizes;
  }

  /** The size for a picture: its own if there is one, otherwise the nearest shape. */
  Size choose(int width, int height) {
    Size own = new Size(width, height);
    if (sizes.contains(own)) {
      return own;
    }
    Size nearest = sizes.get(0);
    for (Size size : sizes) {
      double difference = Math.abs(size.aspectRatio() - own.aspectRatio());
      if (difference < Math.abs(nearest.aspectRatio() - own.aspectRatio())) {
        nearest = size;
      }
    }
    return nearest;
  }
}
