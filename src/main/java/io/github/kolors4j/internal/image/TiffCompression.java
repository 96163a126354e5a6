package io.github.kolors4j.internal.image;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdInputStream;
import io.github.kolors4j.image.PictureException;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.InflaterInputStream;
import org.apache.commons.imaging.formats.tiff.itu_t4.T4AndT6Compression;

/** Takes the compression of a TIFF's strips and tiles back. */
final class TiffCompression {
  static final int NONE = 1;
  static final int JPEG = 7;
  private static final int FAX_ROWS = 2;
  private static final int FAX_3 = 3;
  private static final int FAX_4 = 4;
  private static final int LZW = 5;
  private static final int DEFLATE = 8;
  private static final int OLD_DEFLATE = 32946;
  private static final int PACK_BITS = 32773;
  private static final int ZSTANDARD = 50000;

  private static final Map<Integer, String> OTHERS =
      Map.of(
          6, "JPEG of before TIFF 6.0",
          32771, "none, but padded to 16 bits",
          32809, "ThunderScan",
          34676, "SGI LogLuv",
          34677, "SGI LogLuv",
          34925, "LZMA",
          50001, "WebP",
          34712, "JPEG 2000");

  private static final int FAX_3_OPTIONS = 292;
  private static final int JPEG_TABLES = 347;

  private final Path file;
  private final TiffDirectory directory;
  private final int faxOptions;
  private final byte[] jpegTables;

  /**
   * @throws PictureException if it is one that is not read
   */
  TiffCompression(Path file, TiffDirectory directory, TiffFields fields) throws IOException {
    this.file = file;
    this.directory = directory;
    this.faxOptions = fields.small(FAX_3_OPTIONS, 0);
    this.jpegTables = fields.bytes(JPEG_TABLES);
    int number = directory.compression();
    boolean fax = number >= FAX_ROWS && number <= FAX_4;
    boolean differences =
        number == LZW || number == DEFLATE || number == OLD_DEFLATE || number == ZSTANDARD;
    boolean known = fax || differences || number == NONE || number == JPEG || number == PACK_BITS;
    if (!known) {
      throw new PictureException(
          file,
          "is a TIFF of a compression that is not read ("
              + OTHERS.getOrDefault(number, "number " + number)
              + ")");
    }
    if (fax && (directory.samples() != 1 || directory.bits()[0] != 1)) {
      throw new PictureException(file, "is damaged: faxes have one bit a pixel");
    }
    if (differences && directory.predictor() > 1) {
      requirePredictor();
    }
  }

  private void requirePredictor() {
    int bits = directory.bits()[0];
    boolean known =
        directory.predictor() == 2
            ? bits == 8 || bits == 16 || bits == 32
            : directory.predictor() == 3 && directory.format() == 3 && bits == 32;
    if (!known) {
      throw new PictureException(
          file,
          "stores differences in a way that is not read (predictor "
              + directory.predictor()
              + ", "
              + bits
              + " bits)");
    }
  }

  /**
   * Decompresses a strip or tile.
   *
   * @param rows of it
   * @param samples that a pixel has there: one if they lie apart
   * @param lumaChroma whether a JPEG's samples are to be turned into red, green and blue
   * @return its bytes, each row beginning with a byte of its own
   */
  byte[] decompress(byte[] compressed, int width, int rows, int samples, boolean lumaChroma)
      throws IOException {
    int rowBytes = (int) (((long) width * samples * directory.bits()[0] + 7) / 8);
    byte[] bytes = new byte[Math.multiplyExact(rowBytes, rows)];
    byte[] in = compressed;
    if (directory.reversed() && directory.compression() != JPEG) {
      in = reversed(compressed);
    }
    switch (directory.compression()) {
      case LZW -> LzwDecoder.decodeTiff(in, bytes);
      case DEFLATE, OLD_DEFLATE ->
          readAll(new InflaterInputStream(new ByteArrayInputStream(in)), bytes);
      case PACK_BITS -> unpackBits(in, bytes);
      case ZSTANDARD -> readAll(new ZstdInputStream(new ByteArrayInputStream(in)), bytes);
      case JPEG -> jpeg(in, width, rows, samples, lumaChroma, bytes);
      default -> bytes = fax(in, width, rows);
    }
    if (directory.compression() != PACK_BITS && directory.compression() != JPEG) {
      TiffPredictor.undo(directory, bytes, width, rows, samples);
    }
    return bytes;
  }

  static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = (byte) (Integer.reverse(bytes[i]) >>> 24);
    }
    return reversed;
  }

  private static void readAll(InputStream in, byte[] out) throws IOException {
    try (in) {
      if (in.readNBytes(out, 0, out.length) < out.length) {
        throw tooShort();
      }
    } catch (MalformedInputException | IllegalArgumentException e) {
      throw new IOException("its compressed data are damaged", e);
    }
  }

  private static void unpackBits(byte[] in, byte[] out) throws IOException {
    int at = 0;
    int done = 0;
    while (done < out.length) {
      if (at >= in.length) {
        throw tooShort();
      }
      int count = in[at++];
      if (count >= 0) {
        int length = Math.min(count + 1, out.length - done);
        if (at + length > in.length) {
          throw tooShort();
        }
        System.arraycopy(in, at, out, done, length);
        at += count + 1;
        done += length;
      } else if (count != -128) {
        if (at >= in.length) {
          throw tooShort();
        }
        byte value = in[at++];
        for (int i = Math.min(1 - count, out.length - done); i > 0; i--) {
          out[done++] = value;
        }
      }
    }
  }

  private static IOException tooShort() {
    return new IOException("it is truncated or damaged: its compressed data end too early");
  }

  /** Zeros are white there. */
  private byte[] fax(byte[] in, int width, int rows) throws IOException {
    boolean filled = (faxOptions & 4) != 0;
    try {
      return fax(in, width, rows, filled);
    } catch (IOException | RuntimeException e) {
      throw new IOException("its fax codes are damaged or truncated", e);
    }
  }

  private byte[] fax(byte[] in, int width, int rows, boolean filled) throws IOException {
    return switch (directory.compression()) {
      case FAX_ROWS -> T4AndT6Compression.decompressModifiedHuffman(in, width, rows);
      case FAX_3 ->
          (faxOptions & 1) == 0
              ? T4AndT6Compression.decompressT4_1D(in, width, rows, filled)
              : T4AndT6Compression.decompressT4_2D(in, width, rows, filled);
      default -> T4AndT6Compression.decompressT6(in, width, rows);
    };
  }

  private void jpeg(byte[] in, int width, int rows, int samples, boolean lumaChroma, byte[] out)
      throws IOException {
    Raster raster = JpegFile.samples(file, in, jpegTables, lumaChroma);
    boolean fits =
        raster.getWidth() == width
            && raster.getHeight() >= rows
            && raster.getNumBands() == samples
            && directory.bits()[0] == 8;
    if (!fits) {
      throw new PictureException(file, "is damaged: its JPEGs do not fit the size of its strips");
    }
    int[] row = new int[width * samples];
    for (int y = 0; y < rows; y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int i = 0; i < row.length; i++) {
        out[y * row.length + i] = (byte) row[i];
      }
    }
  }
}
