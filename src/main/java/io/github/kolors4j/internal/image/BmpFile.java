package io.github.kolors4j.internal.image;

import io.github.kolors4j.image.PictureException;
import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads BMP as Pillow does ({@code BmpImagePlugin.py}): headers of Windows and OS/2, palettes, 16
 * to 32 bits with or without masks, run lengths, stored from below or from above.
 *
 * @param masks which bits of a pixel are red, green, blue and alpha; null without masks
 * @param palette where its colours begin in the file
 * @param colours how many it has
 * @param colourBytes 3 or 4 for each
 * @param pixels where the first stored row begins
 */
record BmpFile(
    int width,
    int height,
    boolean topDown,
    int bits,
    int compression,
    List<Integer> masks,
    long palette,
    int colours,
    int colourBytes,
    long pixels) {
  private static final List<Long> HEADERS = List.of(12L, 40L, 52L, 56L, 64L, 108L, 124L);
  private static final List<Integer> BITS = List.of(1, 4, 8, 16, 24, 32);
  private static final int OS2_HEADER = 12;
  private static final int MAX_COLOURS = 1 << 16; // Pillow's limit

  private static final int PLAIN = 0;
  private static final int RUNS_OF_4_BITS = 2;
  private static final int MASKS = 3;

  private static final List<Integer> MASKS_OF_565 = List.of(0xf800, 0x7e0, 0x1f);
  private static final List<Integer> MASKS_OF_555 = List.of(0x7c00, 0x3e0, 0x1f);
  private static final List<Integer> MASKS_OF_888 = List.of(0xff0000, 0xff00, 0xff);

  /** Those of 32 bits that Pillow knows: each colour is a byte. */
  private static final List<List<Integer>> MASKS_OF_32 =
      List.of(
          List.of(0xff0000, 0xff00, 0xff, 0),
          List.of(0xff000000, 0xff0000, 0xff00, 0),
          List.of(0xff000000, 0xff00, 0xff, 0),
          List.of(0xff000000, 0xff0000, 0xff00, 0xff),
          List.of(0xff, 0xff00, 0xff0000, 0xff000000),
          List.of(0xff0000, 0xff00, 0xff, 0xff000000),
          List.of(0xff000000, 0xff00, 0xff, 0xff0000),
          List.of(0, 0, 0, 0));

  /**
   * Reads the header.
   *
   * @throws PictureException if it is of a kind that is not read, or claims what cannot be
   */
  static BmpFile open(Path file, RandomAccessFile in) throws IOException {
    in.seek(10);
    long pixels = PictureHeader.u32(in, false);
    if (pixels > in.length()) {
      throw new PictureException(file, "is truncated: it ends before its pixels");
    }
    long headerSize = PictureHeader.u32(in, false);
    if (!HEADERS.contains(headerSize)) {
      throw new PictureException(
          file, "has a BMP header of " + headerSize + " bytes; " + HEADERS + " are read");
    }
    byte[] bytes = new byte[(int) headerSize - 4];
    in.readFully(bytes);
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean os2 = headerSize == OS2_HEADER;
    int width = os2 ? Short.toUnsignedInt(header.getShort(0)) : header.getInt(0);
    int height = os2 ? Short.toUnsignedInt(header.getShort(2)) : header.getInt(4);
    int bits = Short.toUnsignedInt(header.getShort(os2 ? 6 : 10));
    int compression = os2 ? PLAIN : header.getInt(12);
    if (!BITS.contains(bits)) {
      throw new PictureException(file, "claims " + bits + " bits a pixel; " + BITS + " are read");
    }
    if (compression < PLAIN || compression > MASKS) {
      throw new PictureException(
          file, "has BMP compression " + compression + "; those from 0 to 3 are read");
    }
    boolean runs = compression != PLAIN && compression != MASKS;
    if (runs && bits > 8) {
      throw new PictureException(file, "is damaged: it has run lengths of " + bits + " bits");
    }
    List<Integer> masks = compression == MASKS ? masks(file, in, header, bits) : List.of();
    long palette = in.getFilePointer();
    long colours = os2 || header.getInt(28) == 0 ? 1L << bits : header.getInt(28) & 0xffffffffL;
    int colourBytes = os2 ? 3 : 4;
    if (bits <= 8 && colours > MAX_COLOURS) {
      throw new PictureException(file, "claims a palette of " + colours + " colours");
    }
    if (bits <= 8 && (pixels == 14 + headerSize || pixels == 0)) {
      pixels = Math.max(pixels, palette) + colourBytes * colours;
    }
    return new BmpFile(
        width,
        height == Integer.MIN_VALUE ? 0 : Math.abs(height),
        height < 0, // stored from above
        bits,
        compression,
        masks,
        palette,
        (int) Math.min(colours, MAX_COLOURS),
        colourBytes,
        pixels == 0 ? palette : pixels);
  }

  /** In the header where it has room for them, else behind it. */
  private static List<Integer> masks(Path file, RandomAccessFile in, ByteBuffer header, int bits)
      throws IOException {
    List<Integer> masks;
    if (header.capacity() >= 48) {
      int alpha = header.capacity() >= 52 ? header.getInt(48) : 0;
      masks = List.of(header.getInt(36), header.getInt(40), header.getInt(44), alpha);
    } else {
      int red = (int) PictureHeader.u32(in, false);
      int green = (int) PictureHeader.u32(in, false);
      masks = List.of(red, green, (int) PictureHeader.u32(in, false), 0);
    }
    List<Integer> colours = masks.subList(0, 3);
    boolean known =
        switch (bits) {
          case 16 -> colours.equals(MASKS_OF_565) || colours.equals(MASKS_OF_555);
          case 24 -> colours.equals(MASKS_OF_888);
          case 32 -> MASKS_OF_32.contains(masks);
          default -> false;
        };
    if (!known) {
      throw new PictureException(
          file,
          String.format(
              "has colours of unusual bits (masks %08x, %08x, %08x, %08x), which are not read",
              masks.get(0), masks.get(1), masks.get(2), masks.get(3)));
    }
    return masks;
  }

  /** The pixels. */
  BufferedImage read(Path file, RandomAccessFile in) throws IOException {
    int[] colours = bits <= 8 ? palette(file, in) : new int[0];
    int[] rgb = new int[width * height];
    if (compression != PLAIN && compression != MASKS) {
      in.seek(Math.min(pixels, in.length()));
      byte[] runs =
          new byte[(int) Math.min(Integer.MAX_VALUE - 8, in.length() - in.getFilePointer())];
      in.readFully(runs);
      byte[] indices = new byte[rgb.length];
      new BmpRuns(runs, pixels, width, compression == RUNS_OF_4_BITS).decodeInto(indices);
      for (int i = 0; i < indices.length; i++) {
        rgb[row(i / width) * width + i % width] = colours[indices[i] & 0xff];
      }
      return RgbConversion.picture(rgb, width, height);
    }
    int rowBytes = (int) (((long) width * bits + 7) / 8);
    int padding = (int) (((long) width * bits + 31) / 32 * 4) - rowBytes;
    byte[] row = new byte[rowBytes];
    in.seek(pixels);
    InputStream rows = new BufferedInputStream(Channels.newInputStream(in.getChannel()), 1 << 16);
    for (int stored = 0; stored < height; stored++) {
      if (rows.readNBytes(row, 0, rowBytes) < rowBytes) {
        throw new PictureException(
            file, "is truncated: it has " + stored + " of " + height + " rows");
      }
      rows.skip(padding); // which the last row may lack
      unpack(row, colours, rgb, row(stored) * width);
    }
    return RgbConversion.picture(rgb, width, height);
  }

  private int row(int stored) {
    return topDown ? stored : height - 1 - stored;
  }

  /** Indices beyond it stand for black, in Pillow. */
  private int[] palette(Path file, RandomAccessFile in) throws IOException {
    in.seek(Math.min(palette, in.length()));
    byte[] bytes = new byte[(int) Math.min((long) colours * colourBytes, in.length() - palette)];
    in.readFully(bytes);
    int[] rgb = new int[256];
    // Pillow takes a palette of all greys in order for none, and its own for that.
    boolean grey = colours * colourBytes == bytes.length;
    for (int i = 0; i < bytes.length / colourBytes; i++) {
      int at = i * colourBytes;
      int colour = (bytes[at + 2] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | bytes[at] & 0xff;
      int expected = colours == 2 ? i * 255 : i & 0xff;
      grey &= colour == expected * 0x010101;
      if (i < rgb.length) {
        rgb[i] = colour;
      }
    }
    boolean misread = grey && (colours <= 2 ? bits != 1 || compression != PLAIN : bits < 8);
    if (misread) {
      throw new PictureException(
          file,
          "has a palette of " + colours + " greys that does not fit its " + bits + " bits a pixel");
    }
    if (!grey && bytes.length / colourBytes > rgb.length) {
      throw new PictureException(
          file, "has a palette of " + colours + " colours; 256 are the most");
    }
    return rgb;
  }

  private void unpack(byte[] row, int[] colours, int[] rgb, int to) {
    switch (bits) {
      case 16 -> {
        boolean six = !masks.isEmpty() && masks.subList(0, 3).equals(MASKS_OF_565);
        for (int x = 0; x < width; x++) {
          int pixel = row[2 * x] & 0xff | (row[2 * x + 1] & 0xff) << 8;
          int red = (pixel >> (six ? 11 : 10) & 31) * 255 / 31;
          int green = six ? (pixel >> 5 & 63) * 255 / 63 : (pixel >> 5 & 31) * 255 / 31;
          rgb[to + x] = red << 16 | green << 8 | (pixel & 31) * 255 / 31;
        }
      }
      case 24, 32 -> {
        int step = bits / 8;
        int red = place(0, 2);
        int green = place(1, 1);
        int blue = place(2, 0);
        for (int x = 0; x < width; x++) {
          int at = x * step;
          rgb[to + x] =
              (row[at + red] & 0xff) << 16 | (row[at + green] & 0xff) << 8 | row[at + blue] & 0xff;
        }
      }
      default -> {
        int most = (1 << bits) - 1;
        for (int x = 0; x < width; x++) {
          int bit = x * bits;
          rgb[to + x] = colours[row[bit >> 3] >> (8 - bits - (bit & 7)) & most];
        }
      }
    }
  }

  /** Which byte of a pixel a colour is. */
  private int place(int colour, int otherwise) {
    int mask = masks.isEmpty() ? 0 : masks.get(colour);
    return mask == 0 ? otherwise : Integer.numberOfTrailingZeros(mask) / 8;
  }
}
