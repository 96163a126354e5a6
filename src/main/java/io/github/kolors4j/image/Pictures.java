package io.github.kolors4j.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/**
 * Operations on pictures as Pillow and torchvision do them, pixel for pixel. Each returns a new
 * picture and leaves its argument as it was.
 */
public final class Pictures {
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
    int oldWidth = picture.getWidth();
    int oldHeight = picture.getHeight();
    int[] pixels = pixels(picture);
    PictureResize rows = PictureResize.of(oldWidth, width, filter);
    PictureResize columns = PictureResize.of(oldHeight, height, filter);
    boolean rowsFirst = oldHeight <= height || oldHeight - height <= 2 * (oldWidth - width);
    pixels =
        rowsFirst
            ? columns.ofColumns(rows.ofRows(pixels, oldHeight), width)
            : rows.ofRows(columns.ofColumns(pixels, oldWidth), height);
    return of(pixels, width, height);
  }

  /**
   * The smallest bilinear resize, keeping the shape, that covers {@code width} × {@code height}: as
   * the course's trainer prepares a picture before it crops. One side fits exactly, the other is at
   * least as long as asked.
   */
  public static BufferedImage cover(BufferedImage picture, int width, int height) {
    requirePositive(width, height);
    double scale =
        Math.max((double) width / picture.getWidth(), (double) height / picture.getHeight());
    int newWidth = (int) Math.rint(picture.getWidth() * scale);
    int newHeight = (int) Math.rint(picture.getHeight() * scale);
    return resize(picture, newWidth, newHeight, Resampling.BILINEAR);
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
    boolean inside =
        left >= 0
            && top >= 0
            && left + width <= picture.getWidth()
            && top + height <= picture.getHeight();
    if (!inside) {
      throw new IllegalArgumentException(
          String.format(
              "A crop of %d×%d at (%d, %d) reaches beyond the picture of %d×%d pixels;"
                  + " resize it first, for example with Pictures.cover.",
              width, height, left, top, picture.getWidth(), picture.getHeight()));
    }
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

  private static void requirePositive(int width, int height) {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException(
          "A picture needs at least one pixel each way, not " + width + "×" + height + ".");
    }
  }
}
