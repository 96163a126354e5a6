package io.github.kolors4j.image;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The first directory of a TIFF: what a decoder takes memory by, read before one sees the file.
 *
 * @param width pixels, as stored
 * @param height pixels, as stored
 * @param orientation which way the stored picture lies
 */
record TiffDirectory(int width, int height, Orientation orientation) {
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

  private static final int MAX_BITS = 64;
  private static final int MAX_SAMPLES = 8;

  /** A tile may be larger than the picture, but not by much: they are multiples of 16. */
  private static final int MAX_TILE = 4096;

  /**
   * Reads it.
   *
   * @throws PictureException if it lacks a size, or claims what the file cannot hold
   */
  static TiffDirectory read(Path file, RandomAccessFile in) throws IOException {
    return of(file, in, new TiffFields(file, in, 0));
  }

  private static TiffDirectory of(Path file, RandomAccessFile in, TiffFields fields)
      throws IOException {
    int width = small(fields.number(WIDTH, 0));
    int height = small(fields.number(HEIGHT, 0));
    if (width == 0 || height == 0) {
      throw new PictureException(file, "is damaged: a TIFF without width and height");
    }
    boolean largeTile =
        fields.number(TILE_WIDTH, 0) > Math.max(MAX_TILE, width + 16L)
            || fields.number(TILE_HEIGHT, 0) > Math.max(MAX_TILE, height + 16L);
    if (largeTile) {
      throw new PictureException(file, "is damaged: its tiles are larger than the picture");
    }
    long samples = fields.number(SAMPLES_PER_PIXEL, 1);
    if (samples > MAX_SAMPLES) {
      throw new PictureException(
          file, "claims " + samples + " channels; a picture has at most " + MAX_SAMPLES);
    }
    for (long bits : fields.numbers(BITS_PER_SAMPLE)) {
      if (bits > MAX_BITS) {
        throw new PictureException(file, "is damaged: it claims " + bits + " bits a sample");
      }
    }
    if (fields.numbers(ROWS_PER_STRIP).length > 1) {
      throw new PictureException(
          file, "is damaged: it says more than once how many rows a strip has");
    }
    for (int tag : new int[] {STRIP_BYTE_COUNTS, TILE_BYTE_COUNTS}) {
      for (long bytes : fields.numbers(tag)) {
        if (bytes > in.length()) {
          throw new PictureException(file, "is truncated: its strips are longer than the file");
        }
      }
    }
    return new TiffDirectory(width, height, Orientation.of(small(fields.number(ORIENTATION, 0))));
  }

  /**
   * The bytes of a file, in which no strip claims more rows than the picture has: Commons Imaging
   * takes memory for all rows of a strip, and does not know that endless strips are allowed.
   *
   * @throws PictureException as {@link #read}
   */
  static byte[] withoutRowsBeyondThePicture(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      TiffFields fields = new TiffFields(file, in, 0);
      int height = of(file, in, fields).height;
      if (fields.number(ROWS_PER_STRIP, 0) > height) {
        TiffFields.Field rows = fields.field(ROWS_PER_STRIP);
        ByteBuffer number = ByteBuffer.wrap(bytes).order(fields.order());
        if (rows.size() == 2) {
          number.putShort((int) rows.at(), (short) height);
        } else {
          number.putInt((int) rows.at(), height);
        }
      }
    }
    return bytes;
  }

  private static int small(long value) {
    return (int) Math.min(value, Integer.MAX_VALUE);
  }
}
