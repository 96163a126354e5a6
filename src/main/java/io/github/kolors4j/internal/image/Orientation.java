package io.github.kolors4j.internal.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/**
 * How a camera was held, as EXIF tells it (tag 274): what must be done to the stored picture for it
 * to stand upright.
 */
public enum Orientation {
  UPRIGHT(false, false, false),
  MIRRORED(false, true, false),
  UPSIDE_DOWN(false, true, true),
  MIRRORED_UPSIDE_DOWN(false, false, true),
  TRANSPOSED(true, false, false),
  TURNED_LEFT(true, false, true),
  TRANSVERSED(true, true, true),
  TURNED_RIGHT(true, true, false);

  private final boolean transposed;
  private final boolean fromRight;
  private final boolean fromBottom;

  /**
   * @param transposed whether rows become columns
   * @param fromRight whether the stored picture is read from its right side
   * @param fromBottom whether it is read from its last row
   */
  Orientation(boolean transposed, boolean fromRight, boolean fromBottom) {
    this.transposed = transposed;
    this.fromRight = fromRight;
    this.fromBottom = fromBottom;
  }

  /** By EXIF's number, from 1 to 8; any other means upright. */
  static Orientation of(int number) {
    return number >= 1 && number <= 8 ? values()[number - 1] : UPRIGHT;
  }

  /** Whether the upright picture is as wide as the stored one is high. */
  boolean swapsSides() {
    return transposed;
  }

  /** The picture turned upright, as Pillow's {@code ImageOps.exif_transpose}. */
  public BufferedImage applyTo(BufferedImage stored) {
    if (this == UPRIGHT) {
      return stored;
    }
    int oldWidth = stored.getWidth();
    int oldHeight = stored.getHeight();
    int width = transposed ? oldHeight : oldWidth;
    int height = transposed ? oldWidth : oldHeight;
    int[] from = RgbConversion.pixels(stored);
    BufferedImage upright = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] to = ((DataBufferInt) upright.getRaster().getDataBuffer()).getData();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int oldX = transposed ? y : x;
        int oldY = transposed ? x : y;
        oldX = fromRight ? oldWidth - 1 - oldX : oldX;
        oldY = fromBottom ? oldHeight - 1 - oldY : oldY;
        to[y * width + x] = from[oldY * oldWidth + oldX] & 0xffffff;
      }
    }
    return upright;
  }
}
