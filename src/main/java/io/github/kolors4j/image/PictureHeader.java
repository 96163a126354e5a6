package io.github.kolors4j.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * What the first bytes of a picture say: its format and its size in pixels, as Pillow's {@code
 * Image.size} has it: an EXIF rotation is not applied, but for TIFF, where Pillow (since 12) does.
 * Nothing is decoded, so a thousand headers take less time than one picture.
 *
 * <p>Every number in a header is a claim of the file's: none of them sizes memory here, and a walk
 * through a file's segments ends after a number of steps that no honest file needs.
 *
 * @param format one of PNG, JPEG, GIF, BMP, TIFF, WEBP
 * @param width pixels, at least 1
 * @param height pixels, at least 1
 */
public record PictureHeader(String format, int width, int height) {
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int PNG_HEADER_LENGTH = 13;
  private static final int BMP_COLOURS = 46;
  private static final int MAX_BMP_COLOURS = 1 << 16; // Pillow's limit
  private static final List<Long> BMP_HEADERS = List.of(12L, 40L, 52L, 56L, 64L, 108L, 124L);
  private static final List<Integer> BMP_BITS = List.of(1, 4, 8, 16, 24, 32);

  /** Number of pixels. */
  public long pixels() {
    return (long) width * height;
  }

  /** Width divided by height. */
  public double aspectRatio() {
    return (double) width / height;
  }

  /**
   * Reads the header of a PNG, JPEG, GIF, BMP, TIFF or WebP file; the file's ending does not
   * matter.
   *
   * @throws PictureException if there is no such file, it is of another kind, or it ends too early
   */
  public static PictureHeader read(Path file) {
    if (Files.isDirectory(file)) {
      throw new PictureException(file, "is a folder, not a picture");
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      PictureHeader header = parse(file, in);
      if (header.width <= 0 || header.height <= 0) {
        throw new PictureException(
            file, "its header claims a size of " + header.width + "×" + header.height + " pixels");
      }
      return header;
    } catch (EOFException e) {
      throw new PictureException(file, "is truncated: it ends inside its header", e);
    } catch (NoSuchFileException | java.io.FileNotFoundException e) {
      throw new PictureException(file, "there is no such file", e);
    } catch (IOException e) {
      throw new PictureException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  private static PictureHeader parse(Path file, RandomAccessFile in) throws IOException {
    if (in.length() == 0) {
      throw new PictureException(file, "is empty (0 bytes)");
    }
    byte[] start = new byte[(int) Math.min(16, in.length())];
    in.readFully(start);
    String ascii = new String(start, StandardCharsets.ISO_8859_1);
    if (start.length >= 8 && Arrays.equals(start, 0, 8, PNG, 0, 8)) {
      return png(file, in);
    }
    if (ascii.startsWith("\u00ff\u00d8")) {
      return jpeg(file, in);
    }
    if (ascii.startsWith("GIF87a") || ascii.startsWith("GIF89a")) {
      return gif(file, in);
    }
    if (ascii.startsWith("BM")) {
      return bmp(file, in);
    }
    if (ascii.startsWith("II*\0") || ascii.startsWith("MM\0*")) {
      TiffDirectory directory = TiffDirectory.read(file, in);
      boolean turned = directory.orientation().swapsSides();
      return new PictureHeader(
          "TIFF",
          turned ? directory.height() : directory.width(),
          turned ? directory.width() : directory.height());
    }
    if (ascii.startsWith("RIFF") && ascii.startsWith("WEBP", 8)) {
      return WebPFile.header(file, in);
    }
    throw new PictureException(
        file, "is not a PNG, JPEG, GIF, BMP, TIFF or WebP picture (its first bytes match none)");
  }

  /** The header chunk comes first, and its checksum tells whether its numbers are the writer's. */
  private static PictureHeader png(Path file, RandomAccessFile in) throws IOException {
    in.seek(PNG.length);
    int length = in.readInt();
    byte[] chunk = new byte[4 + PNG_HEADER_LENGTH];
    in.readFully(chunk);
    CRC32 checksum = new CRC32();
    checksum.update(chunk);
    boolean whole =
        length == PNG_HEADER_LENGTH
            && new String(chunk, 0, 4, StandardCharsets.ISO_8859_1).equals("IHDR")
            && in.readInt() == (int) checksum.getValue();
    if (!whole) {
      throw new PictureException(file, "is damaged: its header does not match its checksum");
    }
    ByteBuffer numbers = ByteBuffer.wrap(chunk, 4, PNG_HEADER_LENGTH);
    return new PictureHeader("PNG", numbers.getInt(), numbers.getInt());
  }

  /** A first frame that reaches beyond the screen enlarges the picture, as in Pillow. */
  private static PictureHeader gif(Path file, RandomAccessFile in) throws IOException {
    GifFrame first = GifFrame.first(file, in);
    return new PictureHeader("GIF", first.canvasWidth(), first.canvasHeight());
  }

  /** Walks the marker segments up to the start-of-frame segment, which holds the size. */
  private static PictureHeader jpeg(Path file, RandomAccessFile in) throws IOException {
    JpegSegments segments = new JpegSegments(file, in);
    while (segments.next()) {
      int marker = segments.marker();
      boolean startOfFrame =
          marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
      if (startOfFrame) {
        in.readUnsignedByte(); // bits a sample
        int height = in.readUnsignedShort();
        return new PictureHeader("JPEG", in.readUnsignedShort(), height);
      }
    }
    throw new PictureException(file, "is damaged: a JPEG without a frame header");
  }

  private static PictureHeader bmp(Path file, RandomAccessFile in) throws IOException {
    in.seek(10);
    long pixels = u32(in, false);
    if (pixels > in.length()) {
      throw new PictureException(file, "is truncated: it ends before its pixels");
    }
    long headerSize = u32(in, false);
    if (!BMP_HEADERS.contains(headerSize)) {
      throw new PictureException(
          file, "has a BMP header of " + headerSize + " bytes; " + BMP_HEADERS + " are read");
    }
    boolean old = headerSize == 12;
    int width = old ? u16(in, false) : (int) u32(in, false);
    int height = old ? u16(in, false) : (int) u32(in, false);
    in.skipBytes(2); // planes
    int bits = u16(in, false);
    if (!BMP_BITS.contains(bits)) {
      throw new PictureException(
          file, "claims " + bits + " bits a pixel; " + BMP_BITS + " are read");
    }
    if (!old && bits <= 8) {
      in.seek(BMP_COLOURS);
      long colours = u32(in, false);
      if (colours > MAX_BMP_COLOURS) {
        throw new PictureException(file, "claims a palette of " + colours + " colours");
      }
    }
    return new PictureHeader("BMP", width, Math.abs(height)); // negative: stored top down
  }

  /** The four letters that name a chunk. */
  static String name(RandomAccessFile in) throws IOException {
    byte[] name = new byte[4];
    in.readFully(name);
    return new String(name, StandardCharsets.ISO_8859_1);
  }

  static int u16(RandomAccessFile in, boolean bigEndian) throws IOException {
    int value = in.readUnsignedShort();
    return bigEndian ? value : Short.toUnsignedInt(Short.reverseBytes((short) value));
  }

  static int u24(RandomAccessFile in) throws IOException {
    return in.readUnsignedByte() | in.readUnsignedByte() << 8 | in.readUnsignedByte() << 16;
  }

  static long u32(RandomAccessFile in, boolean bigEndian) throws IOException {
    int value = in.readInt();
    return Integer.toUnsignedLong(bigEndian ? value : Integer.reverseBytes(value));
  }
}
