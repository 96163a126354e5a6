package io.github.kolors4j.training;

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
