package io.github.kolors4j.image;

import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.Locale;

/**
 * Operations on pictures as Pillow and torchvision do them, pixel for pixel. Each returns a new
 * picture and leaves its argument as it was.
 */
public final class Pictures {
  /** Weights of resizing are exact to this length, and far beyond. */
  private static final int LONGEST_SIDE = 1 << 30;

  private Pictures() {}

  /** The picture as {@link BufferedImage#TYPE_INT_RGB}; alpha is dropped. */
  public static BufferedImage rgb(BufferedImage picture) {
    return RgbConversion.toRgb(picture);
  }

  /**
   * Its pixels, row by row, as {@code 0x00RRGGBB}: to be read only, as they may be the picture's
   * own.
   */
  static int[] pixels(BufferedImage picture) {
    BufferedImage rgb = rgb(picture);
    int count = rgb.getWidth() * rgb.getHeight();
    // A part of a larger picture shares the larger one's pixels.
    if (rgb.getRaster().getDataBuffer() instanceof DataBufferInt own && own.getSize() == count) {
      return own.getData();
    }
    int[] pixels = new int[count];
    // Not getRGB, which asks the colour model about each pixel.
    rgb.getRaster().getDataElements(0, 0, rgb.getWidth(), rgb.getHeight(), pixels);
    return pixels;
  }

  /**
   * Pillow's {@code Image.resize((width, height), filter)}: first one direction, then the other,
   * each rounded to 8 bits, with weights in fixed point. As in Pillow 13, rows are the first,
   * except where the height shrinks by more than twice as many pixels as the width.
   *
   * @throws IllegalArgumentException if a side is less than 1
   */
  public static BufferedImage resize(
      BufferedImage picture, int width, int height, Resampling filter) {
    requirePositive(width, height);
    return resizedPart(picture, width, height, 0, 0, width, height, filter);
  }

  /**
   * The part of {@code width} × {@code height} at ({@code left}, {@code top}) of the picture
   * resized to {@code newWidth} × {@code newHeight}, to the same pixels as by {@link #resize} and
   * {@link #crop}; what lies outside is not computed, which may be a thousand times as much.
   *
   * @throws IllegalArgumentException if a side is less than 1, or the part reaches beyond
   */
  public static BufferedImage resizedPart(
      BufferedImage picture,
      int newWidth,
      int newHeight,
      int left,
      int top,
      int width,
      int height,
      Resampling filter) {
    requirePositive(width, height);
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
    int[] pixels = pixels(picture);
    PictureResize rows = PictureResize.ofPart(oldWidth, newWidth, left, width, filter);
    PictureResize columns = PictureResize.ofPart(oldHeight, newHeight, top, height, filter);
    boolean rowsFirst =
        oldHeight <= newHeight || oldHeight - newHeight <= 2 * (oldWidth - newWidth);
    pixels =
        rowsFirst
            ? columns.ofColumns(rows.ofRows(pixels, oldHeight), width)
            : rows.ofRows(columns.ofColumns(pixels, oldWidth), height);
    return of(pixels, width, height);
  }

  /**
   * The smallest bilinear resize, keeping the shape, that covers {@code width} × {@code height}: as
   * the course's trainer prepares a picture for a square. One side fits exactly, the other is at
   * least as long as asked, and cut off to whole pixels as in torchvision's {@code Resize}.
   */
  public static BufferedImage cover(BufferedImage picture, int width, int height) {
    Dimension size = coveringSize(picture, width, height);
    return resize(picture, size.width, size.height, Resampling.BILINEAR);
  }

  /**
   * The size that {@link #cover} gives the picture.
   *
   * @throws IllegalArgumentException if a side would be longer than any picture's
   */
  public static Dimension coveringSize(BufferedImage picture, int width, int height) {
    requirePositive(width, height);
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
    requirePositive(width, height);
    double scale =
        Math.min((double) width / picture.getWidth(), (double) height / picture.getHeight());
    int newWidth = Math.max(1, (int) Math.rint(picture.getWidth() * scale));
    int newHeight = Math.max(1, (int) Math.rint(picture.getHeight() * scale));
    return resize(picture, newWidth, newHeight, Resampling.BILINEAR);
  }

  /**
   * The part of {@code width} × {@code height} whose upper left corner is ({@code left}, {@code
   * top}).
   *
   * @throws IllegalArgumentException if it reaches beyond the picture
   */
  public static BufferedImage crop(
      BufferedImage picture, int left, int top, int width, int height) {
    requirePositive(width, height);
    requireInside(picture.getWidth(), picture.getHeight(), left, top, width, height);
    int[] pixels = rgb(picture).getRGB(left, top, width, height, null, 0, width);
    return of(pixels, width, height);
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
    int[] pixels = pixels(picture);
    int[] flipped = new int[pixels.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        flipped[y * width + x] = pixels[y * width + width - 1 - x];
      }
    }
    return of(flipped, width, height);
  }

  /** A picture of these pixels, {@code 0xRRGGBB} row by row. */
  static BufferedImage of(int[] pixels, int width, int height) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] target = ((DataBufferInt) picture.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < target.length; i++) {
      target[i] = pixels[i] & 0xffffff;
    }
    return picture;
  }

  private static void requireInside(
      int allWidth, int allHeight, int left, int top, int width, int height) {
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

  private static void requirePositive(int width, int height) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "A picture needs at least one pixel each way, not " + width + "×" + height + ".");
    }
  }
}
