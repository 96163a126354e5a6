package io.github.kolors4j.internal.image;

import io.github.kolors4j.image.Pictures;
import java.awt.image.BufferedImage;

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

  /**
   * Pillow's {@code Image.resize((width, height), filter)} with this filter: first one direction,
   * then the other, each rounded to 8 bits, with weights in fixed point. As in Pillow 13, rows are
   * the first, except where the height shrinks by more than twice as many pixels as the width.
   *
   * @throws IllegalArgumentException if a side is less than 1
   */
  public BufferedImage resize(BufferedImage picture, int width, int height) {
    requirePositive(width, height);
    return resizedPart(picture, width, height, 0, 0, width, height);
  }

  /**
   * The part of {@code width} × {@code height} at ({@code left}, {@code top}) of the picture
   * resized to {@code newWidth} × {@code newHeight}, to the same pixels as by {@link #resize} and
   * {@link Pictures#crop}; what lies outside is not computed, which may be a thousand times as
   * much.
   *
   * @throws IllegalArgumentException if a side is less than 1, or the part reaches beyond
   */
  public BufferedImage resizedPart(
      BufferedImage picture,
      int newWidth,
      int newHeight,
      int left,
      int top,
      int width,
      int height) {
    requireInside(newWidth, newHeight, left, top, width, height);
    int oldWidth = picture.getWidth();
    int oldHeight = picture.getHeight();
    boolean holdable =
        Math.max((long) width * Math.max(height, oldHeight), (long) height * oldWidth)
            < Integer.MAX_VALUE - 8;
    if (!holdable) {
      throw new IllegalArgumentException(
          "A picture of %d×%d pixels is too large to be made, from one of %d×%d."
              .formatted(width, height, oldWidth, oldHeight));
    }
    int[] pixels = RgbConversion.pixels(picture);
    PictureResize rows = PictureResize.ofPart(oldWidth, newWidth, left, width, this);
    PictureResize columns = PictureResize.ofPart(oldHeight, newHeight, top, height, this);
    boolean rowsFirst =
        oldHeight <= newHeight || oldHeight - newHeight <= 2 * (oldWidth - newWidth);
    pixels =
        rowsFirst
            ? columns.ofColumns(rows.ofRows(pixels, oldHeight), width)
            : rows.ofRows(columns.ofColumns(pixels, oldWidth), height);
    return RgbConversion.picture(pixels, width, height);
  }

  /**
   * The check of a part of a picture.
   *
   * @throws IllegalArgumentException if a side is less than 1, or the part reaches beyond
   */
  public static void requireInside(
      int allWidth, int allHeight, int left, int top, int width, int height) {
    requirePositive(width, height);
    boolean inside =
        left >= 0
            && top >= 0
            && (long) left + width <= allWidth
            && (long) top + height <= allHeight;
    if (!inside) {
      throw new IllegalArgumentException(
          String.format(
              "A crop of %d×%d at (%d, %d) reaches beyond the picture of %d×%d pixels;"
                  + " resize it first, for example with Pictures.cover.",
              width, height, left, top, allWidth, allHeight));
    }
  }

  /**
   * The check of a size.
   *
   * @throws IllegalArgumentException if a side is less than 1
   */
  public static void requirePositive(int width, int height) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "A picture needs at least one pixel each way, not " + width + "×" + height + ".");
    }
  }

  private static double sinc(double x) {
    return x == 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
  }
}
