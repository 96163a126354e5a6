package io.github.kolors4j.internal.image;

import io.github.kolors4j.image.PictureException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How the first picture of a TIFF is stored: what a decoder takes memory by, looked at before.
 *
 * @param width pixels, as stored
 * @param height pixels, as stored
 * @param orientation which way the stored picture lies
 * @param compression the number of the way in which strips or tiles are compressed
 * @param photometric the number of what samples mean
 * @param bits of each sample of a pixel
 * @param format whole numbers (1), signed ones (2) or fractions (3)
 * @param extra what samples beyond the colours are: nothing (0), alpha that colours were multiplied
 *     with (1), or alpha (2)
 * @param planar whether samples lie apart, all of a kind together
 * @param reversed whether bits are stored the other way round in each byte
 * @param predictor whether differences are stored: of samples (2), or of bytes of fractions (3)
 * @param blockWidth pixels of a strip or tile
 * @param blockHeight rows of a strip or tile
 * @param tiled whether the picture is stored in tiles
 * @param places where strips or tiles begin in the file
 * @param lengths of strips or tiles; may be empty
 * @param order of the bytes of a sample
 */
record TiffDirectory(
    int width,
    int height,
    Orientation orientation,
    int compression,
    int photometric,
    int[] bits,
    int format,
    int[] extra,
    boolean planar,
    boolean reversed,
    int predictor,
    int blockWidth,
    int blockHeight,
    boolean tiled,
    long[] places,
    long[] lengths,
    ByteOrder order) {
  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS_PER_SAMPLE = 258;
  private static final int COMPRESSION = 259;
  private static final int PHOTOMETRIC = 262;
  private static final int FILL_ORDER = 266;
  private static final int STRIP_OFFSETS = 273;
  private static final int ORIENTATION = 274;
  private static final int SAMPLES_PER_PIXEL = 277;
  private static final int ROWS_PER_STRIP = 278;
  private static final int STRIP_BYTE_COUNTS = 279;
  private static final int PLANAR_CONFIGURATION = 284;
  private static final int PREDICTOR = 317;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;
  private static final int TILE_OFFSETS = 324;
  private static final int TILE_BYTE_COUNTS = 325;
  private static final int EXTRA_SAMPLES = 338;
  private static final int SAMPLE_FORMAT = 339;

  private static final int MAX_BITS = 64;
  private static final int MAX_SAMPLES = 6; // Pillow's limit

  /** A tile may be larger than the picture, but not by much: they are multiples of 16. */
  private static final int MAX_TILE = 4096;

  /**
   * Reads it.
   *
   * @throws PictureException if it lacks a size, or claims what the file cannot hold
   */
  static TiffDirectory of(Path file, RandomAccessFile in, TiffFields fields) throws IOException {
    int width = fields.small(WIDTH, 0);
    int height = fields.small(HEIGHT, 0);
    if (width == 0 || height == 0) {
      throw new PictureException(file, "is damaged: a TIFF without width and height");
    }
    boolean tiled = !fields.has(STRIP_OFFSETS) && fields.has(TILE_OFFSETS);
    int tileWidth = fields.small(TILE_WIDTH, 0);
    int tileHeight = fields.small(TILE_HEIGHT, 0);
    boolean largeTile =
        tileWidth > Math.max(MAX_TILE, width + 16L)
            || tileHeight > Math.max(MAX_TILE, height + 16L);
    if (largeTile) {
      throw new PictureException(file, "is damaged: its tiles are larger than the picture");
    }
    if (tiled && (tileWidth == 0 || tileHeight == 0)) {
      throw new PictureException(file, "is damaged: its tiles have no size");
    }
    int samples = fields.small(SAMPLES_PER_PIXEL, 1);
    if (samples > MAX_SAMPLES || samples < 1) {
      throw new PictureException(
          file, "claims " + samples + " channels; a picture has at most " + MAX_SAMPLES);
    }
    if (fields.numbers(ROWS_PER_STRIP).length > 1) {
      throw new PictureException(
          file, "is damaged: it says more than once how many rows a strip has");
    }
    int rows = Math.min(height, fields.small(ROWS_PER_STRIP, height));
    if (!tiled && rows < 1) {
      throw new PictureException(file, "is damaged: its strips have no rows");
    }
    long[] lengths = fields.numbers(tiled ? TILE_BYTE_COUNTS : STRIP_BYTE_COUNTS);
    for (long bytes : lengths) {
      if (bytes < 0 || bytes > in.length()) {
        throw new PictureException(file, "is truncated: its strips are longer than the file");
      }
    }
    int[] extra = small(fields.numbers(EXTRA_SAMPLES));
    int[] bits = bits(file, fields);
    boolean planar = fields.small(PLANAR_CONFIGURATION, 1) == 2;
    if (planar
        && extra.length > 0
        && extra.length < samples
        && Arrays.stream(extra).max().getAsInt() == 0) {
      samples -= extra.length; // lie behind the colours, in planes that nobody needs
      bits = bits.length > extra.length ? Arrays.copyOf(bits, bits.length - extra.length) : bits;
      extra = new int[0];
    }
    return new TiffDirectory(
        width,
        height,
        Orientation.of(fields.small(ORIENTATION, 0)),
        fields.small(COMPRESSION, 1),
        fields.small(PHOTOMETRIC, 0),
        ofEach(file, bits, samples),
        format(file, fields),
        extra,
        planar,
        fields.small(FILL_ORDER, 1) == 2,
        fields.small(PREDICTOR, 1),
        tiled ? tileWidth : width,
        tiled ? tileHeight : rows,
        tiled,
        fields.numbers(tiled ? TILE_OFFSETS : STRIP_OFFSETS),
        lengths,
        fields.order());
  }

  static TiffDirectory of(Path file, RandomAccessFile in) throws IOException {
    return of(file, in, new TiffFields(file, in, 0));
  }

  int samples() {
    return bits.length;
  }

  private static int[] bits(Path file, TiffFields fields) throws IOException {
    int[] bits =
        fields.has(BITS_PER_SAMPLE) ? small(fields.numbers(BITS_PER_SAMPLE)) : new int[] {1};
    for (int each : bits) {
      if (each > MAX_BITS || each < 1) {
        throw new PictureException(file, "is damaged: it claims " + each + " bits a sample");
      }
    }
    return bits;
  }

  /** One number may stand for all samples, and too many are left out. */
  private static int[] ofEach(Path file, int[] bits, int samples) {
    if (bits.length == 1 && samples > 1) {
      int[] each = new int[samples];
      Arrays.fill(each, bits[0]);
      return each;
    }
    if (bits.length < samples) {
      throw new PictureException(
          file, "is damaged: it has " + samples + " channels, and the bits of " + bits.length);
    }
    return Arrays.copyOf(bits, samples);
  }

  private static int format(Path file, TiffFields fields) throws IOException {
    int[] formats = small(fields.numbers(SAMPLE_FORMAT));
    int first = formats.length == 0 ? 1 : formats[0];
    if (Arrays.stream(formats).anyMatch(format -> format != first)) {
      throw new PictureException(file, "has samples of different formats, which is not read");
    }
    return first;
  }

  private static int[] small(long[] numbers) {
    return Arrays.stream(numbers).mapToInt(n -> (int) Math.min(n, Integer.MAX_VALUE)).toArray();
  }
}
