package io.github.kolors4j.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Where the first frame of a GIF lies on its canvas. The canvas is the file's logical screen; a
 * first frame that reaches beyond it enlarges it.
 *
 * @param canvasWidth pixels
 * @param canvasHeight pixels
 * @param left column of the canvas where the frame begins
 * @param top row of the canvas where the frame begins
 */
record GifFrame(int canvasWidth, int canvasHeight, int left, int top) {
  private static final int EXTENSION = 0x21;
  private static final int FRAME = 0x2c;

  /** A comment of 25 MB before the first frame is more than any honest file has. */
  private static final int MAX_BLOCKS = 100_000;

  /** Walks the extension blocks up to the first frame. */
  static GifFrame first(Path file, RandomAccessFile in) throws IOException {
    in.seek(6);
    int width = PictureHeader.u16(in, false);
    int height = PictureHeader.u16(in, false);
    int flags = in.readUnsignedByte();
    boolean hasPalette = (flags & 0x80) != 0;
    in.seek(13 + (hasPalette ? 3L << (flags & 7) + 1 : 0));
    for (int blocks = 0; blocks < MAX_BLOCKS; blocks++) {
      int kind = in.readUnsignedByte();
      if (kind == FRAME) {
        int left = PictureHeader.u16(in, false);
        int top = PictureHeader.u16(in, false);
        int right = left + PictureHeader.u16(in, false);
        int bottom = top + PictureHeader.u16(in, false);
        return new GifFrame(Math.max(width, right), Math.max(height, bottom), left, top);
      }
      if (kind != EXTENSION) {
        break;
      }
      in.readUnsignedByte(); // the kind of extension
      int length = in.readUnsignedByte();
      for (; length > 0 && blocks < MAX_BLOCKS; blocks++) {
        in.seek(in.getFilePointer() + length);
        length = in.readUnsignedByte();
      }
    }
    throw new PictureException(file, "is damaged: a GIF without a picture where one must be");
  }

  /**
   * The canvas with a decoded frame on it. Around the frame Pillow leaves the transparent colour of
   * the palette, or its first.
   */
  BufferedImage onCanvas(BufferedImage frame) {
    boolean covers = frame.getWidth() == canvasWidth && frame.getHeight() == canvasHeight;
    if (covers || !(frame.getColorModel() instanceof IndexColorModel palette)) {
      return frame;
    }
    BufferedImage canvas = new BufferedImage(canvasWidth, canvasHeight, BufferedImage.TYPE_INT_RGB);
    int[] pixels = ((DataBufferInt) canvas.getRaster().getDataBuffer()).getData();
    int background = palette.getRGB(Math.max(0, palette.getTransparentPixel())) & 0xffffff;
    Arrays.fill(pixels, background);
    int width = Math.min(frame.getWidth(), canvasWidth - left);
    int height = Math.min(frame.getHeight(), canvasHeight - top);
    BufferedImage rgb = RgbConversion.toRgb(frame);
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      rgb.getRGB(0, y, width, 1, row, 0, width);
      canvas.setRGB(left, top + y, width, 1, row, 0, width);
    }
    return canvas;
  }
}
