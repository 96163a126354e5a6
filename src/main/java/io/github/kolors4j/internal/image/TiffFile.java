package io.github.kolors4j.internal.image;

import io.github.kolors4j.image.PictureException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** Reads the first picture of a TIFF as Pillow does: its strips or tiles, one after the other. */
final class TiffFile {
  private static final int YCBCR_COEFFICIENTS = 529;
  private static final int YCBCR_SUBSAMPLING = 530;
  private static final int REFERENCE_BLACK_WHITE = 532;

  private final Path file;
  private final RandomAccessFile in;
  private final TiffDirectory directory;
  private final TiffCompression compression;
  private final TiffSamples samples;
  private final boolean jpeg;

  /** How many pixels share a chroma, across and down. */
  private final int[] sharing;

  private TiffFile(Path file, RandomAccessFile in, TiffFields fields) throws IOException {
    this.file = file;
    this.in = in;
    directory = TiffDirectory.of(file, in, fields);
    compression = new TiffCompression(file, directory, fields);
    samples = new TiffSamples(file, directory, fields);
    jpeg = directory.compression() == TiffCompression.JPEG;
    sharing = samples.lumaChroma() && !jpeg ? sharing(fields) : new int[] {1, 1};
    if (fields.big() && fields.order() == ByteOrder.BIG_ENDIAN) {
      throw new PictureException(file, "is a BigTIFF whose higher bytes come first: not read");
    }
    boolean turned =
        directory.compression() != TiffCompression.NONE
            && directory.order() == ByteOrder.BIG_ENDIAN
            && directory.samples() == 1
            && (directory.bits()[0] == 32 || directory.bits()[0] == 16 && directory.format() != 1);
    if (turned) {
      throw new PictureException(
          file,
          "has compressed samples of "
              + directory.bits()[0]
              + " bits whose higher bytes come first, which Pillow turns round: not read");
    }
  }

  static BufferedImage read(Path file, RandomAccessFile in) throws IOException {
    return new TiffFile(file, in, new TiffFields(file, in, 0)).read();
  }

  private int[] sharing(TiffFields fields) throws IOException {
    boolean raw = directory.compression() == TiffCompression.NONE;
    long[] given = fields.numbers(YCBCR_SUBSAMPLING);
    int across = given.length < 2 ? raw ? 1 : 2 : (int) given[0];
    int down = given.length < 2 ? raw ? 1 : 2 : (int) given[1];
    boolean known =
        (across == 1 || across == 2 || across == 4) && (down == 1 || down == 2 || down == 4);
    boolean usual =
        isUsual(fields.fractions(YCBCR_COEFFICIENTS), 0.299, 0.587, 0.114)
            && isUsual(fields.fractions(REFERENCE_BLACK_WHITE), 0, 255, 128, 255, 128, 255);
    if (!known || !usual || raw && across * down > 1) {
      throw new PictureException(file, "has luma and chroma stored in a way that is not read");
    }
    return new int[] {across, down};
  }

  private static boolean isUsual(double[] given, double... usual) {
    boolean same = given.length == 0 || given.length == usual.length;
    for (int i = 0; i < given.length && same; i++) {
      same = Math.abs(given[i] - usual[i]) < 1e-3;
    }
    return same;
  }

  private BufferedImage read() throws IOException {
    int across = divideUp(directory.width(), directory.blockWidth());
    int down = divideUp(directory.height(), directory.blockHeight());
    int planes = directory.planar() ? directory.samples() : 1;
    long needed = (long) across * down * planes;
    boolean lengthsMissing =
        directory.compression() != TiffCompression.NONE && directory.lengths().length < needed;
    if (directory.places().length < needed || lengthsMissing) {
      throw new PictureException(file, "is damaged: strips or tiles are missing");
    }
    int[] rgb = new int[directory.width() * directory.height()];
    for (int block = 0; block < across * down; block++) {
      int left = block % across * directory.blockWidth();
      int top = block / across * directory.blockHeight();
      int rows =
          directory.tiled()
              ? directory.blockHeight()
              : Math.min(directory.blockHeight(), directory.height() - top);
      if (sharing[0] * sharing[1] > 1) {
        unpackShared(block, left, top, rows, rgb);
      } else {
        unpack(block(block, across * down, rows), left, top, rows, rgb);
      }
    }
    return RgbConversion.picture(rgb, directory.width(), directory.height());
  }

  private void unpack(byte[] bytes, int left, int top, int rows, int[] rgb) {
    int rowBytes = bytes.length / rows;
    int columns = Math.min(directory.blockWidth(), directory.width() - left);
    for (int y = 0; y < Math.min(rows, directory.height() - top); y++) {
      int to = (top + y) * directory.width() + left;
      if (jpeg && samples.lumaChroma()) { // is red, green and blue by now
        for (int x = 0; x < columns; x++) {
          int at = y * rowBytes + 3 * x;
          rgb[to + x] =
              (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
        }
      } else {
        samples.unpack(bytes, y * rowBytes, columns, rgb, to);
      }
    }
  }

  /** A strip's or tile's bytes, the samples of a pixel beside each other. */
  private byte[] block(int index, int blocks, int rows) throws IOException {
    int count = directory.samples();
    if (!directory.planar() || count == 1) {
      return plane(index, rows, count);
    }
    int size = directory.bits()[0] / 8;
    byte[] together = {};
    for (int plane = 0; plane < count; plane++) {
      byte[] apart = plane(plane * blocks + index, rows, 1);
      if (plane == 0) {
        together = new byte[Math.multiplyExact(apart.length, count)];
      }
      for (int i = 0; i < apart.length; i++) {
        together[(i / size * count + plane) * size + i % size] = apart[i];
      }
    }
    return together;
  }

  private byte[] plane(int index, int rows, int count) throws IOException {
    int width = directory.blockWidth();
    if (directory.compression() != TiffCompression.NONE) {
      byte[] compressed =
          stored(index, (int) Math.min(Integer.MAX_VALUE - 8, directory.lengths()[index]));
      return compression.decompress(compressed, width, rows, count, samples.lumaChroma());
    }
    long rowBytes = ((long) width * count * directory.bits()[0] + 7) / 8;
    byte[] bytes = stored(index, Math.toIntExact(rowBytes * rows));
    return directory.reversed() ? TiffCompression.reversed(bytes) : bytes;
  }

  private byte[] stored(int index, int length) throws IOException {
    long place = directory.places()[index];
    if (place < 0 || place + length > in.length()) {
      throw new PictureException(file, "is truncated: it ends before its pixels do");
    }
    byte[] bytes = new byte[length];
    in.seek(place);
    in.readFully(bytes);
    return bytes;
  }

  /** Lumas of the pixels that share a chroma come first, then the chroma. */
  private void unpackShared(int block, int left, int top, int rows, int[] rgb) throws IOException {
    int across = divideUp(directory.blockWidth(), sharing[0]);
    int down = divideUp(rows, sharing[1]);
    int lumas = sharing[0] * sharing[1];
    byte[] compressed =
        stored(block, (int) Math.min(Integer.MAX_VALUE - 8, directory.lengths()[block]));
    // As if it were one sample a pixel: so many bytes are in each row of units.
    byte[] units = compression.decompress(compressed, across * (lumas + 2), down, 1, false);
    for (int y = 0; y < Math.min(rows, directory.height() - top); y++) {
      for (int x = 0; x < Math.min(directory.blockWidth(), directory.width() - left); x++) {
        int unit = (y / sharing[1] * across + x / sharing[0]) * (lumas + 2);
        int luma = units[unit + y % sharing[1] * sharing[0] + x % sharing[0]] & 0xff;
        rgb[(top + y) * directory.width() + left + x] =
            LumaChroma.toRgb(luma, units[unit + lumas] & 0xff, units[unit + lumas + 1] & 0xff);
      }
    }
  }

  private static int divideUp(int number, int by) {
    return (int) (((long) number + by - 1) / by);
  }
}
