package io.github.kolors4j.internal.image;

import io.github.kolors4j.image.PictureException;
import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * Reads PNG as Pillow does ({@code PngImagePlugin.py}): of the chunks only those count that say how
 * the pixels are stored; colour profiles, gamma and transparent colours stay aside. Of an animation
 * the first frame is read.
 */
final class PngFile {
  private static final int GREY = 0;
  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int GREY_ALPHA = 4;
  private static final int RGB_ALPHA = 6;

  /** The bits a sample that each kind of colour may have, as a set of bits. */
  private static final Map<Integer, Integer> DEPTHS =
      Map.of(
          GREY, 1 << 1 | 1 << 2 | 1 << 4 | 1 << 8 | 1 << 16,
          RGB, 1 << 8 | 1 << 16,
          PALETTE, 1 << 1 | 1 << 2 | 1 << 4 | 1 << 8,
          GREY_ALPHA, 1 << 8 | 1 << 16,
          RGB_ALPHA, 1 << 8 | 1 << 16);

  /** Shorter chunks of these names make Pillow refuse the file. */
  private static final Map<String, Integer> LEAST =
      Map.of("gAMA", 4, "cHRM", 32, "sRGB", 1, "pHYs", 9, "acTL", 8, "fcTL", 26);

  /** First column and row, and steps, of the seven passes of an interlaced picture. */
  private static final int[][] PASSES = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private static final int[][] ONE_PASS = {{0, 0, 1, 1}};
  private static final int MOST_KEPT = 1 << 12;
  private static final int MAX_CHUNKS = 100_000;

  private final Path file;
  private final DataInputStream in;
  private final PictureHeader header;
  private final byte[] block = new byte[1 << 14];
  private int depth;
  private int colour;
  private boolean interlaced;
  private int[] palette = new int[256];

  /** Of an animation's first frame. */
  private int left;

  private int top;
  private int width;
  private int height;

  private PngFile(Path file, DataInputStream in, PictureHeader header) {
    this.file = file;
    this.in = in;
    this.header = header;
    this.width = header.width();
    this.height = header.height();
  }

  static BufferedImage read(Path file, PictureHeader header) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      in.skipNBytes(8);
      return new PngFile(file, in, header).read();
    } catch (EOFException e) {
      throw new PictureException(file, "is truncated: it ends before its picture does", e);
    }
  }

  private BufferedImage read() throws IOException {
    for (int chunk = 0; chunk < MAX_CHUNKS; chunk++) {
      int length = in.readInt();
      byte[] name = new byte[4];
      in.readFully(name);
      String ascii = new String(name, StandardCharsets.ISO_8859_1);
      if (length < 0 || !ascii.matches("\\w{4}")) {
        throw new PictureException(file, "is damaged: a chunk does not begin where it must");
      }
      switch (ascii) {
        case "IDAT" -> {
          return decode(new PngPixels(in, length, false));
        }
        case "fdAT" -> {
          return decode(new PngPixels(in, length, true));
        }
        case "IEND" -> throw new PictureException(file, "is damaged: it ends without a picture");
        default -> use(ascii, chunk(name, length));
      }
    }
    throw new PictureException(file, "has more than " + MAX_CHUNKS + " chunks before its picture");
  }

  /** The beginning of a chunk, all of which is held against its checksum. */
  private byte[] chunk(byte[] name, int length) throws IOException {
    byte[] start = new byte[Math.min(length, MOST_KEPT)];
    in.readFully(start);
    CRC32 checksum = new CRC32();
    checksum.update(name);
    checksum.update(start);
    for (int left = length - start.length; left > 0; ) {
      int count = Math.min(left, block.length);
      in.readFully(block, 0, count);
      checksum.update(block, 0, count);
      left -= count;
    }
    if (in.readInt() != (int) checksum.getValue()) {
      throw damaged(name, "does not match its checksum");
    }
    if (length < LEAST.getOrDefault(new String(name, StandardCharsets.ISO_8859_1), 0)) {
      throw damaged(name, "is too short");
    }
    return start;
  }

  private PictureException damaged(byte[] chunk, String how) {
    String name = new String(chunk, StandardCharsets.ISO_8859_1);
    return new PictureException(file, "is damaged: its chunk " + name + " " + how);
  }

  private void use(String name, byte[] chunk) {
    ByteBuffer numbers = ByteBuffer.wrap(chunk);
    switch (name) {
      case "IHDR" -> useHeader(numbers);
      case "PLTE" -> usePalette(chunk);
      case "tRNS" -> {
        int least = colour == RGB ? 6 : colour == GREY ? 2 : 0;
        if (chunk.length < least) {
          throw damaged(name.getBytes(StandardCharsets.ISO_8859_1), "is too short");
        }
      }
      case "fcTL" -> {
        width = numbers.getInt(4);
        height = numbers.getInt(8);
        left = numbers.getInt(12);
        top = numbers.getInt(16);
        boolean inside =
            Math.min(Math.min(left, top), Math.min(width - 1, height - 1)) >= 0
                && (long) left + width <= header.width()
                && (long) top + height <= header.height();
        if (!inside) {
          throw new PictureException(file, "is damaged: its frame is larger than the picture");
        }
      }
      default -> {
        // says nothing about pixels
      }
    }
  }

  private void useHeader(ByteBuffer numbers) {
    boolean same =
        numbers.capacity() >= 13
            && numbers.getInt(0) == header.width()
            && numbers.getInt(4) == header.height();
    if (!same) {
      throw new PictureException(file, "is damaged: it has two headers");
    }
    depth = numbers.get(8) & 0xff;
    colour = numbers.get(9) & 0xff;
    interlaced = numbers.get(12) != 0;
    boolean known = depth <= 16 && (DEPTHS.getOrDefault(colour, 0) & 1 << depth) != 0;
    if (!known) {
      throw new PictureException(
          file,
          "is damaged: there are no PNGs of " + depth + " bits a sample and colour type " + colour);
    }
    if (numbers.get(11) != 0) {
      throw new PictureException(file, "has an unknown way to filter rows");
    }
  }

  /** Indices beyond it stand for black, in Pillow. */
  private void usePalette(byte[] chunk) {
    if (colour != PALETTE) {
      return;
    }
    if (chunk.length / 3 > 256) {
      throw new PictureException(file, "has a palette of more than 256 colours");
    }
    palette = new int[256];
    for (int i = 0; i < chunk.length / 3; i++) {
      palette[i] =
          (chunk[3 * i] & 0xff) << 16 | (chunk[3 * i + 1] & 0xff) << 8 | chunk[3 * i + 2] & 0xff;
    }
  }

  private BufferedImage decode(PngPixels compressed) throws IOException {
    if (depth == 0) {
      throw new PictureException(file, "is damaged: its picture comes before its header");
    }
    int[] rgb = new int[header.width() * header.height()];
    try (InputStream rows = new InflaterInputStream(compressed)) {
      for (int[] pass : interlaced ? PASSES : ONE_PASS) {
        readPass(rows, pass, rgb);
      }
      checkEnd(rows);
    } catch (ZipException e) {
      throw new PictureException(file, "is damaged: its compressed data are wrong", e);
    }
    if (colour == PALETTE && (width < header.width() || height < header.height())) {
      fillAround(rgb);
    }
    return RgbConversion.picture(rgb, header.width(), header.height());
  }

  private void readPass(InputStream rows, int[] pass, int[] rgb) throws IOException {
    int columns = (width - pass[0] + pass[2] - 1) / pass[2];
    if (columns <= 0) {
      return;
    }
    int samples = colour == RGB ? 3 : colour == RGB_ALPHA ? 4 : colour == GREY_ALPHA ? 2 : 1;
    int bytes = Math.max(1, samples * depth / 8);
    byte[] row = new byte[(int) (((long) columns * samples * depth + 7) / 8)];
    byte[] above = new byte[row.length];
    for (int y = pass[1]; y < height; y += pass[3]) {
      int filter = rows.read();
      if (filter < 0 || rows.readNBytes(row, 0, row.length) < row.length) {
        throw new PictureException(file, "is damaged or truncated: rows are missing");
      }
      unfilter(filter, row, above, bytes);
      int to = (top + y) * header.width() + left + pass[0];
      for (int column = 0; column < columns; column++) {
        rgb[to + column * pass[2]] = pixel(row, column);
      }
      byte[] swap = above;
      above = row;
      row = swap;
    }
  }

  /** PNG specification, 9.2. */
  private void unfilter(int filter, byte[] row, byte[] above, int bytes) {
    switch (filter) {
      case 0 -> {
        // as it is
      }
      case 1 -> {
        for (int i = bytes; i < row.length; i++) {
          row[i] += row[i - bytes];
        }
      }
      case 2 -> {
        for (int i = 0; i < row.length; i++) {
          row[i] += above[i];
        }
      }
      case 3 -> {
        for (int i = 0; i < row.length; i++) {
          int before = i < bytes ? 0 : row[i - bytes] & 0xff;
          row[i] += (byte) (before + (above[i] & 0xff) >> 1);
        }
      }
      case 4 -> {
        for (int i = 0; i < row.length; i++) {
          int before = i < bytes ? 0 : row[i - bytes] & 0xff;
          int corner = i < bytes ? 0 : above[i - bytes] & 0xff;
          row[i] += (byte) paeth(before, above[i] & 0xff, corner);
        }
      }
      default -> throw new PictureException(file, "is damaged: a row has filter " + filter);
    }
  }

  private static int paeth(int before, int above, int corner) {
    int toBefore = Math.abs(above - corner);
    int toAbove = Math.abs(before - corner);
    int toCorner = Math.abs(before + above - 2 * corner);
    if (toBefore <= toAbove && toBefore <= toCorner) {
      return before;
    }
    return toAbove <= toCorner ? above : corner;
  }

  /** Colours of 16 bits keep their upper byte; lone greys of 16 bits are clipped at 255. */
  private int pixel(byte[] row, int column) {
    int size = depth / 8;
    return switch (colour) {
      case RGB, RGB_ALPHA -> {
        int at = column * size * (colour == RGB ? 3 : 4);
        yield (row[at] & 0xff) << 16 | (row[at + size] & 0xff) << 8 | row[at + 2 * size] & 0xff;
      }
      case GREY_ALPHA -> (row[2 * column * size] & 0xff) * 0x010101;
      default -> {
        if (depth == 16) {
          int grey = row[2 * column] == 0 ? row[2 * column + 1] & 0xff : 255;
          yield grey * 0x010101;
        }
        int bit = column * depth;
        int most = (1 << depth) - 1;
        int value = row[bit >> 3] >> (8 - depth - (bit & 7)) & most;
        yield colour == PALETTE ? palette[value] : value * (255 / most) * 0x010101;
      }
    };
  }

  /** Behind the last row the checksum of all follows, and perhaps more that nobody needs. */
  private static void checkEnd(InputStream rows) throws IOException {
    try {
      rows.read();
    } catch (EOFException e) {
      // the checksum is missing, the picture is not
    }
  }

  /** Around an animation's first frame is the palette's first colour. */
  private void fillAround(int[] rgb) {
    for (int y = 0; y < header.height(); y++) {
      for (int x = 0; x < header.width(); x++) {
        boolean inside = x >= left && x < left + width && y >= top && y < top + height;
        if (!inside) {
          rgb[y * header.width() + x] = palette[0];
        }
      }
    }
  }
}
