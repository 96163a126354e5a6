package io.github.kolors4j.image;

/**
 * How a pixel of a resized picture is blended from the original's pixels. The names and curves are
 * Pillow's; when a picture shrinks, the curve widens with it, so that nothing is skipped
 * ("antialias").
 */
public enum Resampling {
  /** A triangle over two pixels: what the course's trainer resizes with. */
  BILINEAR(1) {
    @Override
    double weight(double distance) {
      double x = Math.abs(distance);
      return x < 1 ? 1 - x : 0;
    }
  },
  /** Keys' cubic with a = -0.5, over four pixels: sharper. */
  BICUBIC(2) {
    @Override
    double weight(double distance) {
      double a = -0.5;
      double x = Math.abs(distance);
      if (x < 1) {
        return ((a + 2) * x - (a + 3)) * x * x + 1;
      }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }
  },
  /** A windowed sinc over six pixels: the sharpest. */
  LANCZOS(3) {
    @Override
    double weight(double distance) {
      return Math.abs(distance) < 3 ? sinc(distance) * sinc(distance / 3) : 0;
    }
  };

  /** Half the curve's width, in pixels of the original. */
  final double support;

  Resampling(double support) {
    this.support = support;
  }

  /** The (unnormalized) weight of a pixel whose centre is {@code distance} pixels away. */
  abstract double weight(double distance);

  private static double sinc(double x) {
    return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
  }
}
