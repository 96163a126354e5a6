package io.github.kolors4j.image;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What the first bytes of a picture say: its format and its size in pixels, as stored (an EXIF
 * rotation is not applied, as in Pillow's {@code Image.size}). Nothing is decoded, so a thousand
 * headers take less time than one picture.
 *
 * @param format one of PNG, JPEG, GIF, BMP, TIFF, WEBP
 * @param width pixels, at least 1
 * @param height pixels, at least 1
 */
public record PictureHeader(String format, int width, int height) {
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final int TIFF_WIDTH = 256;
  private static final int TIFF_HEIGHT = 257;

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
      in.seek(16);
      return new PictureHeader("PNG", in.readInt(), in.readInt());
    }
    if (ascii.startsWith("\u00ff\u00d8")) {
      return jpeg(file, in);
    }
    if (ascii.startsWith("GIF87a") || ascii.startsWith("GIF89a")) {
      in.seek(6);
      return new PictureHeader("GIF", u16(in, false), u16(in, false));
    }
    if (ascii.startsWith("BM")) {
      return bmp(in);
    }
    if (ascii.startsWith("II*\0") || ascii.startsWith("MM\0*")) {
      return tiff(file, in, ascii.startsWith("MM"));
    }
    if (ascii.startsWith("RIFF") && ascii.startsWith("WEBP", 8)) {
      return webp(file, in, ascii);
    }
    throw new PictureException(
        file, "is not a PNG, JPEG, GIF, BMP, TIFF or WebP picture (its first bytes match none)");
  }

  /** Walks the marker segments up to the start-of-frame segment, which holds the size. */
  private static PictureHeader jpeg(Path file, RandomAccessFile in) throws IOException {
    in.seek(2);
    while (true) {
      if (in.readUnsignedByte() != 0xff) {
        throw new PictureException(file, "is damaged: a JPEG segment does not start where it must");
      }
      int marker = in.readUnsignedByte();
      while (marker == 0xff) { // fill bytes
        marker = in.readUnsignedByte();
      }
      boolean standalone = marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8);
      if (standalone) {
        continue;
      }
      if (marker == 0xd9 || marker == 0xda) {
        throw new PictureException(file, "is damaged: a JPEG without a frame header");
      }
      int length = in.readUnsignedShort();
      boolean startOfFrame =
          marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
      if (startOfFrame) {
        in.readUnsignedByte(); // bits a sample
        int height = in.readUnsignedShort();
        return new PictureHeader("JPEG", in.readUnsignedShort(), height);
      }
      in.seek(in.getFilePointer() + Math.max(0, length - 2));
    }
  }

  private static PictureHeader bmp(RandomAccessFile in) throws IOException {
    in.seek(14);
    long headerSize = u32(in, false);
    if (headerSize == 12) {
      return new PictureHeader("BMP", u16(in, false), u16(in, false));
    }
    int width = (int) u32(in, false);
    int height = (int) u32(in, false);
    return new PictureHeader("BMP", width, Math.abs(height)); // negative: stored top down
  }

  private static PictureHeader tiff(Path file, RandomAccessFile in, boolean bigEndian)
      throws IOException {
    in.seek(4);
    in.seek(u32(in, bigEndian));
    int entries = u16(in, bigEndian);
    int width = 0;
    int height = 0;
    for (int i = 0; i < entries; i++) {
      int tag = u16(in, bigEndian);
      int type = u16(in, bigEndian);
      in.skipBytes(4); // count: one
      long value = u32(in, bigEndian);
      if (type == 3) { // a short lies in the first two of the four bytes
        value = bigEndian ? value >>> 16 : value & 0xffff;
      }
      if (tag == TIFF_WIDTH) {
        width = (int) Math.min(value, Integer.MAX_VALUE);
      } else if (tag == TIFF_HEIGHT) {
        height = (int) Math.min(value, Integer.MAX_VALUE);
      }
    }
    if (width == 0 || height == 0) {
      throw new PictureException(file, "is damaged: a TIFF without width and height");
    }
    return new PictureHeader("TIFF", width, height);
  }

  private static PictureHeader webp(Path file, RandomAccessFile in, String ascii)
      throws IOException {
    if (ascii.startsWith("VP8 ", 12)) {
      in.seek(26);
      return new PictureHeader("WEBP", u16(in, false) & 0x3fff, u16(in, false) & 0x3fff);
    }
    if (ascii.startsWith("VP8L", 12)) {
      in.seek(21);
      long bits = u32(in, false);
      return new PictureHeader(
          "WEBP", (int) (bits & 0x3fff) + 1, (int) ((bits >>> 14) & 0x3fff) + 1);
    }
    if (ascii.startsWith("VP8X", 12)) {
      in.seek(24);
      return new PictureHeader("WEBP", u24(in) + 1, u24(in) + 1);
    }
    throw new PictureException(file, "is damaged: a WebP of an unknown kind");
  }

  private static int u16(RandomAccessFile in, boolean bigEndian) throws IOException {
    int value = in.readUnsignedShort();
    return bigEndian ? value : Short.toUnsignedInt(Short.reverseBytes((short) value));
  }

  private static int u24(RandomAccessFile in) throws IOException {
    return in.readUnsignedByte() | in.readUnsignedByte() << 8 | in.readUnsignedByte() << 16;
  }

  private static long u32(RandomAccessFile in, boolean bigEndian) throws IOException {
    int value = in.readInt();
    return Integer.toUnsignedLong(bigEndian ? value : Integer.reverseBytes(value));
  }
}
