package io.github.kolors4j.internal.image;

import io.github.kolors4j.image.PictureException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The first frame of a GIF on its canvas, as Pillow reads it ({@code GifImagePlugin.py}). The
 * canvas is the file's logical screen; a first frame that reaches beyond it enlarges it.
 *
 * @param canvasWidth pixels
 * @param canvasHeight pixels
 * @param left column of the canvas where the frame begins
 * @param top row of the canvas where the frame begins
 * @param width the frame's pixels
 * @param height the frame's pixels
 * @param interlaced whether rows are stored in four passes
 * @param palette 256 colours
 * @param transparent the index that lies around the frame
 * @param codes where the frame's compressed data begin
 */
record GifFile(
    int canvasWidth,
    int canvasHeight,
    int left,
    int top,
    int width,
    int height,
    boolean interlaced,
    int[] palette,
    int transparent,
    long codes) {
  private static final int EXTENSION = 0x21;
  private static final int FRAME = 0x2c;
  private static final int TRAILER = 0x3b;
  private static final int CONTROL = 0xf9;

  /** First row and step of the passes of an interlaced frame. */
  private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

  private static final int[][] ONE_PASS = {{0, 1}};

  /** A comment of 25 MB before the first frame is more than any honest file has. */
  private static final int MAX_BLOCKS = 100_000;

  /** Reads up to the first frame. */
  static GifFile open(Path file, RandomAccessFile in) throws IOException {
    in.seek(6);
    int screenWidth = PictureHeader.u16(in, false);
    int screenHeight = PictureHeader.u16(in, false);
    int flags = in.readUnsignedByte();
    in.seek(13);
    byte[] palette = bytesOfPalette(in, flags);
    int transparent = 0;
    int blocks = 0;
    while (blocks++ < MAX_BLOCKS) {
      int kind = in.readUnsignedByte();
      if (kind == FRAME) {
        int left = PictureHeader.u16(in, false);
        int top = PictureHeader.u16(in, false);
        int width = PictureHeader.u16(in, false);
        int height = PictureHeader.u16(in, false);
        int frameFlags = in.readUnsignedByte();
        return new GifFile(
            Math.max(screenWidth, left + width),
            Math.max(screenHeight, top + height),
            left,
            top,
            width,
            height,
            (frameFlags & 0x40) != 0,
            palette(bytesOfPalette(in, frameFlags), palette),
            transparent,
            in.getFilePointer());
      }
      if (kind == TRAILER) {
        break;
      }
      if (kind != EXTENSION) {
        continue; // rubbish between blocks is passed over
      }
      boolean control = in.readUnsignedByte() == CONTROL;
      int length = in.readUnsignedByte();
      for (; length > 0 && blocks < MAX_BLOCKS; blocks++) {
        long next = in.getFilePointer() + length;
        if (control && length >= 4) {
          boolean has = (in.readUnsignedByte() & 1) != 0;
          in.skipBytes(2);
          transparent = has ? in.readUnsignedByte() : transparent;
          control = false;
        }
        in.seek(next);
        length = in.readUnsignedByte();
      }
    }
    throw new PictureException(file, "is damaged: a GIF without a picture where one must be");
  }

  private static byte[] bytesOfPalette(RandomAccessFile in, int flags) throws IOException {
    byte[] bytes = new byte[(flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1];
    in.readFully(bytes);
    return bytes;
  }

  /**
   * Pillow takes a palette of all greys in order for none. Of a frame's own one that means that the
   * screen's is used. Indices beyond a palette stand for black; without one they are greys.
   */
  private static int[] palette(byte[] own, byte[] screen) {
    byte[] bytes = isNone(own) ? screen : own;
    int[] palette = new int[256];
    for (int i = 0; i < palette.length; i++) {
      if (isNone(bytes)) {
        palette[i] = i * 0x010101;
      } else if (3 * i + 2 < bytes.length) {
        int red = bytes[3 * i] & 0xff;
        palette[i] = red << 16 | (bytes[3 * i + 1] & 0xff) << 8 | bytes[3 * i + 2] & 0xff;
      }
    }
    return palette;
  }

  private static boolean isNone(byte[] palette) {
    for (int i = 0; i < palette.length; i++) {
      if ((palette[i] & 0xff) != i / 3) {
        return false;
      }
    }
    return true;
  }

  /** The canvas with the frame on it; around it is the transparent colour, or the first. */
  BufferedImage read(Path file, RandomAccessFile in) throws IOException {
    in.seek(codes);
    int bits = in.readUnsignedByte();
    if (bits < 1 || bits > 8) {
      throw new PictureException(file, "is damaged: it claims values of " + bits + " bits");
    }
    byte[] indices = new byte[width * height];
    LzwDecoder.decodeGif(blocks(in), bits, indices);
    int[] rgb = new int[canvasWidth * canvasHeight];
    Arrays.fill(rgb, palette[transparent]);
    int from = 0;
    for (int[] pass : interlaced ? PASSES : ONE_PASS) {
      for (int y = pass[0]; y < height; y += pass[1]) {
        int to = (top + y) * canvasWidth + left;
        for (int x = 0; x < width; x++) {
          rgb[to + x] = palette[indices[from++] & 0xff];
        }
      }
    }
    return RgbConversion.picture(rgb, canvasWidth, canvasHeight);
  }

  /** The frame's data without the lengths between them. */
  private static byte[] blocks(RandomAccessFile in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] rest = new byte[1 << 16];
    int length = 0; // of the block that is being read
    while (true) {
      int count = in.read(rest);
      if (count < 0) {
        return all.toByteArray();
      }
      for (int i = 0; i < count; ) {
        if (length == 0) {
          length = rest[i++] & 0xff;
          if (length == 0) {
            return all.toByteArray();
          }
          continue;
        }
        int part = Math.min(length, count - i);
        all.write(rest, i, part);
        i += part;
        length -= part;
      }
    }
  }
}
