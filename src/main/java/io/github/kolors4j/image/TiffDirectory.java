package io.github.kolors4j.image;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The first directory of a TIFF: what a decoder takes memory by, read before one sees the file.
 *
 * @param width pixels, as stored
 * @param height pixels, as stored
 * @param orientation which way the stored picture lies
 * @param rowsPerStrip where the file says how many rows a strip has, if it does
 */
record TiffDirectory(
    int width, int height, Orientation orientation, Optional<RowsPerStrip> rowsPerStrip) {

  /**
   * How many rows a strip has; more than the picture has mean one strip.
   *
   * @param at the place of the number in the file
   * @param size its bytes, 2 or 4
   */
  record RowsPerStrip(long rows, long at, int size, ByteOrder order) {}

  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS_PER_SAMPLE = 258;
  private static final int ORIENTATION = 274;
  private static final int SAMPLES_PER_PIXEL = 277;
  private static final int ROWS_PER_STRIP = 278;
  private static final int STRIP_BYTE_COUNTS = 279;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;
  private static final int TILE_BYTE_COUNTS = 325;

  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int MAX_SAMPLES = 8;
  private static final int MAX_BITS = 64;

  /** The most strips or tiles. */
  private static final int MAX_NUMBERS = 1_000_000;

  /** A tile may be larger than the picture, but not by much: they are multiples of 16. */
  private static final int MAX_TILE = 4096;

  /**
   * Reads it.
   *
   * @throws PictureException if it lacks a size, or claims what the file cannot hold
   */
  static TiffDirectory read(Path file, RandomAccessFile in) throws IOException {
    in.seek(0);
    boolean bigEndian = in.readUnsignedByte() == 'M';
    in.seek(4);
    in.seek(PictureHeader.u32(in, bigEndian));
    int entries = PictureHeader.u16(in, bigEndian);
    Map<Integer, Long> values = new HashMap<>();
    Optional<RowsPerStrip> rowsPerStrip = Optional.empty();
    for (int i = 0; i < entries; i++) {
      long next = in.getFilePointer() + 12;
      int tag = PictureHeader.u16(in, bigEndian);
      int type = PictureHeader.u16(in, bigEndian);
      long count = PictureHeader.u32(in, bigEndian);
      if (tag == STRIP_BYTE_COUNTS || tag == TILE_BYTE_COUNTS) {
        for (long bytes : numbers(file, in, bigEndian, type, count)) {
          if (bytes > in.length()) {
            throw new PictureException(file, "is truncated: its strips are longer than the file");
          }
        }
      } else if (tag == BITS_PER_SAMPLE) {
        for (long bits : numbers(file, in, bigEndian, type, count)) {
          if (bits > MAX_BITS) {
            throw new PictureException(file, "is damaged: it claims " + bits + " bits a sample");
          }
        }
      }
      in.seek(next - 4);
      long value = PictureHeader.u32(in, bigEndian);
      if (type == SHORT && count <= 2) { // the value itself lies here, in the first two bytes
        value = bigEndian ? value >>> 16 : value & 0xffff;
      }
      values.putIfAbsent(tag, value);
      if (tag == ROWS_PER_STRIP) {
        ByteOrder order = bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        rowsPerStrip = Optional.of(new RowsPerStrip(value, next - 4, type == SHORT ? 2 : 4, order));
      }
      in.seek(next);
    }
    int width = small(values.get(WIDTH));
    int height = small(values.get(HEIGHT));
    if (width == 0 || height == 0) {
      throw new PictureException(file, "is damaged: a TIFF without width and height");
    }
    long samples = values.getOrDefault(SAMPLES_PER_PIXEL, 1L);
    boolean largeTile =
        values.getOrDefault(TILE_WIDTH, 0L) > Math.max(MAX_TILE, width + 16L)
            || values.getOrDefault(TILE_HEIGHT, 0L) > Math.max(MAX_TILE, height + 16L);
    if (samples > MAX_SAMPLES || largeTile) {
      throw new PictureException(
          file,
          largeTile
              ? "is damaged: its tiles are larger than the picture"
              : "claims " + samples + " channels; a picture has at most " + MAX_SAMPLES);
    }
    return new TiffDirectory(
        width, height, Orientation.of(small(values.get(ORIENTATION))), rowsPerStrip);
  }

  /**
   * The bytes of the file, where no strip has more rows than the picture: Commons Imaging takes
   * memory for all rows of a strip.
   */
  byte[] withoutRowsBeyondThePicture(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    rowsPerStrip
        .filter(given -> given.rows > height)
        .ifPresent(
            given -> {
              ByteBuffer number = ByteBuffer.wrap(bytes, (int) given.at, 4).order(given.order);
              if (given.size == 2) {
                number.putShort((short) height);
              } else {
                number.putInt(height);
              }
            });
    return bytes;
  }

  /**
   * A field's numbers: they lie here if there is room for them, otherwise where these bytes say.
   */
  private static long[] numbers(
      Path file, RandomAccessFile in, boolean bigEndian, int type, long count) throws IOException {
    if (type != SHORT && type != LONG) {
      return new long[0];
    }
    int size = type == SHORT ? 2 : 4;
    long bytes = count * size;
    if (count > MAX_NUMBERS || bytes > in.length()) {
      throw new PictureException(file, "is truncated: its header is longer than the file");
    }
    if (bytes > 4) {
      in.seek(PictureHeader.u32(in, bigEndian));
    }
    byte[] list = new byte[(int) bytes];
    in.readFully(list);
    ByteBuffer buffer =
        ByteBuffer.wrap(list).order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    long[] numbers = new long[(int) count];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          type == SHORT
              ? Short.toUnsignedInt(buffer.getShort())
              : Integer.toUnsignedLong(buffer.getInt());
    }
    return numbers;
  }

  private static int small(Long value) {
    return value == null ? 0 : (int) Math.min(value, Integer.MAX_VALUE);
  }
}
