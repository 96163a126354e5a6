package io.github.kolors4j.image;

import io.github.kolors4j.internal.image.Resampling;
import io.github.kolors4j.internal.image.RgbConversion;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.util.Locale;

/**
 * Operations on pictures as Pillow and torchvision do them, pixel for pixel. Each returns a new
 * picture and leaves its argument as it was.
 */
public final class Pictures {
  /** Weights of resizing are exact to this length, and far beyond. */
  private static final int LONGEST_SIDE = 1 << 30;

  private Pictures() {}

  /**
   * The smallest bilinear resize, keeping the shape, that covers {@code width} × {@code height}: as
   * the course's trainer prepares a picture for a square. One side fits exactly, the other is at
   * least as long as asked, and cut off to whole pixels as in torchvision's {@code Resize}.
   */
  public static BufferedImage cover(BufferedImage picture, int width, int height) {
    Dimension size = coveringSize(picture, width, height);
    return Resampling.BILINEAR.resize(picture, size.width, size.height);
  }

  /**
   * The size that {@link #cover} gives the picture.
   *
   * @throws IllegalArgumentException if a side would be longer than any picture's
   */
  public static Dimension coveringSize(BufferedImage picture, int width, int height) {
    Resampling.requirePositive(width, height);
    long oldWidth = picture.getWidth();
    long oldHeight = picture.getHeight();
    boolean widthFits = width * oldHeight >= height * oldWidth;
    long newWidth = widthFits ? width : height * oldWidth / oldHeight;
    long newHeight = widthFits ? width * oldHeight / oldWidth : height;
    if (Math.max(newWidth, newHeight) > LONGEST_SIDE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A picture of %d×%d pixels is too thin to cover %d×%d: crop it before.",
              picture.getWidth(),
              picture.getHeight(),
              width,
              height));
    }
    return new Dimension((int) newWidth, (int) newHeight);
  }

  /**
   * The largest bilinear resize, keeping the shape, that fits into {@code width} × {@code height}.
   */
  public static BufferedImage fit(BufferedImage picture, int width, int height) {
    Resampling.requirePositive(width, height);
    double scale =
        Math.min((double) width / picture.getWidth(), (double) height / picture.getHeight());
    int newWidth = Math.max(1, (int) Math.rint(picture.getWidth() * scale));
    int newHeight = Math.max(1, (int) Math.rint(picture.getHeight() * scale));
    return Resampling.BILINEAR.resize(picture, newWidth, newHeight);
  }

  /**
   * The part of {@code width} × {@code height} whose upper left corner is ({@code left}, {@code
   * top}).
   *
   * @throws IllegalArgumentException if it reaches beyond the picture
   */
  public static BufferedImage crop(
      BufferedImage picture, int left, int top, int width, int height) {
    Resampling.requireInside(picture.getWidth(), picture.getHeight(), left, top, width, height);
    int[] pixels = RgbConversion.toRgb(picture).getRGB(left, top, width, height, null, 0, width);
    return RgbConversion.picture(pixels, width, height);
  }

  /** torchvision's {@code CenterCrop} (half pixels are rounded to even, as in Python). */
  public static BufferedImage centerCrop(BufferedImage picture, int width, int height) {
    int left = (int) Math.rint((picture.getWidth() - width) / 2.0);
    int top = (int) Math.rint((picture.getHeight() - height) / 2.0);
    return crop(picture, left, top, width, height);
  }

  /** The picture mirrored left to right. */
  public static BufferedImage flipHorizontally(BufferedImage picture) {
    int width = picture.getWidth();
    int height = picture.getHeight();
    int[] pixels = RgbConversion.pixels(picture);
    int[] flipped = new int[pixels.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        flipped[y * width + x] = pixels[y * width + width - 1 - x];
      }
    }
    return RgbConversion.picture(flipped, width, height);
  }
}
