package io.github.kolors4j.internal.image;

import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.files.RegularFile;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
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

  /** With the numbers 42 or 43 (BigTIFF); some programs wrote 42 the wrong way round. */
  private static final List<String> TIFF =
      List.of("II*\0", "MM\0*", "II\0*", "MM*\0", "II+\0", "MM\0+");

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
    try (RandomAccessFile in = new RandomAccessFile(RegularFile.require(file).toFile(), "r")) {
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
    } catch (FileSystemException e) {
      throw new PictureException(file, e.getReason() == null ? "cannot be read" : e.getReason(), e);
    } catch (IOException e) {
      throw new PictureException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Same, after a look at the end of the file. Only where the end is not as it should be (or the
   * format does not mark it) are the pixels decoded, to find out whether some are missing.
   *
   * @throws PictureException if it is no picture, or it is truncated
   */
  public static PictureHeader readChecked(Path file) {
    PictureHeader header = read(file);
    if (!PictureEnding.isComplete(file, header.format())) {
      PictureFile.read(file);
    }
    return header;
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
    if (ascii.startsWith("\u00ff\u00d8\u00ff") && !ascii.startsWith("\u00f7", 3)) {
      return jpeg(file, in);
    }
    if (ascii.startsWith("GIF87a") || ascii.startsWith("GIF89a")) {
      return gif(file, in);
    }
    if (ascii.startsWith("BM")) {
      return bmp(file, in);
    }
    if (TIFF.stream().anyMatch(ascii::startsWith)) {
      TiffDirectory directory = TiffDirectory.of(file, in);
      boolean turned = directory.orientation().swapsSides();
      return new PictureHeader(
          "TIFF",
          turned ? directory.height() : directory.width(),
          turned ? directory.width() : directory.height());
    }
    if (ascii.startsWith("RIFF") && ascii.startsWith("WEBP", 8)) {
      return WebPFile.header(file, in);
    }
    throw new PictureException(file, OtherFormats.describe(in));
  }

  /** The header chunk comes first, and its checksum tells whether its numbers are the writer's. */
  private static PictureHeader png(Path file, RandomAccessFile in) throws IOException {
    in.seek(PNG.length);
    int length = in.readInt();
    byte[] chunk = new byte[4 + PNG_HEADER_LENGTH];
    in.readFully(chunk);
    CRC32 checksum = new CRC32();
    checksum.update(chunk);
    String name = new String(chunk, 0, 4, StandardCharsets.ISO_8859_1);
    if (!name.equals("IHDR")) {
      String apple = name.equals("CgBI") ? " (it is in Apple's own form of PNG, for iPhones)" : "";
      throw new PictureException(file, "is no usual PNG: another chunk comes first" + apple);
    }
    boolean whole = length == PNG_HEADER_LENGTH && in.readInt() == (int) checksum.getValue();
    if (!whole) {
      throw new PictureException(file, "is damaged: its header does not match its checksum");
    }
    ByteBuffer numbers = ByteBuffer.wrap(chunk, 4, PNG_HEADER_LENGTH);
    return new PictureHeader("PNG", numbers.getInt(), numbers.getInt());
  }

  /** A first frame that reaches beyond the screen enlarges the picture, as in Pillow. */
  private static PictureHeader gif(Path file, RandomAccessFile in) throws IOException {
    GifFile first = GifFile.open(file, in);
    return new PictureHeader("GIF", first.canvasWidth(), first.canvasHeight());
  }

  /** Walks the marker segments up to the start-of-frame segment, which holds the size. */
  private static PictureHeader jpeg(Path file, RandomAccessFile in) throws IOException {
    JpegSegments segments = new JpegSegments(in);
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
    BmpFile bmp = BmpFile.open(file, in);
    return new PictureHeader("BMP", bmp.width(), bmp.height());
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
