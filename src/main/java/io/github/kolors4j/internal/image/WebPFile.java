package io.github.kolors4j.internal.image;

import com.luciad.imageio.webp.WebPImageReaderSpi;
import io.github.kolors4j.image.PictureException;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes the first picture of a WebP file with libwebp, as Pillow does. The decoder is handed the
 * one chunk that holds the picture's colours: alpha, animation and metadata stay outside.
 */
final class WebPFile {
  private static final int LOSSY_START = 0x2a019d;
  private static final int LOSSLESS_START = 0x2f;
  private static final int RIFF_HEADER = 12;
  private static final int CHUNK_HEADER = 8;
  private static final int FRAME_HEADER = 16;

  /** No coder needs more bytes for a pixel, and none more for its tables. */
  private static final int MAX_BYTES_A_PIXEL = 8;

  private static final int MAX_TABLES = 1 << 16;
  private static final int MAX_CHUNKS = 10_000;

  private WebPFile() {}

  /** The size of the canvas, which the first chunk tells. */
  static PictureHeader header(Path file, RandomAccessFile in) throws IOException {
    in.seek(RIFF_HEADER);
    String first = PictureHeader.name(in);
    in.seek(RIFF_HEADER + CHUNK_HEADER);
    if (first.equals("VP8X")) {
      in.skipBytes(4); // flags
      return new PictureHeader("WEBP", PictureHeader.u24(in) + 1, PictureHeader.u24(in) + 1);
    }
    return pictureHeader(file, in, first);
  }

  /** The size that a picture's own data begin with. */
  private static PictureHeader pictureHeader(Path file, RandomAccessFile in, String chunk)
      throws IOException {
    if (chunk.equals("VP8 ")) {
      in.skipBytes(3); // kind of frame
      if (PictureHeader.u24(in) == LOSSY_START) {
        int width = PictureHeader.u16(in, false) & 0x3fff;
        return new PictureHeader("WEBP", width, PictureHeader.u16(in, false) & 0x3fff);
      }
    } else if (chunk.equals("VP8L") && in.readUnsignedByte() == LOSSLESS_START) {
      long bits = PictureHeader.u32(in, false);
      return new PictureHeader(
          "WEBP", (int) (bits & 0x3fff) + 1, (int) ((bits >>> 14) & 0x3fff) + 1);
    }
    throw new PictureException(file, "is damaged: a WebP without a picture where one must be");
  }

  static BufferedImage read(Path file, PictureHeader header) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(4);
      if (PictureHeader.u32(in, false) + 8 > in.length()) {
        throw new PictureException(file, "is truncated: it is shorter than its header says");
      }
      long at = RIFF_HEADER;
      boolean animated = false;
      int left = 0;
      int top = 0;
      for (int chunk = 0; chunk < MAX_CHUNKS && at + CHUNK_HEADER <= in.length(); chunk++) {
        in.seek(at);
        String name = PictureHeader.name(in);
        long length = PictureHeader.u32(in, false);
        at += CHUNK_HEADER;
        switch (name) {
          case "VP8 ", "VP8L" -> {
            PictureHeader own = pictureHeader(file, in, name);
            if (left + own.width() > header.width() || top + own.height() > header.height()) {
              throw new PictureException(file, "is damaged: its picture is larger than its canvas");
            }
            boolean same = own.width() == header.width() && own.height() == header.height();
            if (!animated && !same) {
              throw new PictureException(file, "is damaged: its header gives another size");
            }
            in.seek(at);
            byte[] picture = picture(file, in, name, length, header);
            return onCanvas(decode(picture), left, top, header);
          }
          case "ANMF" -> { // its own chunks follow its header
            animated = true;
            left = 2 * PictureHeader.u24(in);
            top = 2 * PictureHeader.u24(in);
            at += FRAME_HEADER;
          }
          default -> at += length + (length & 1);
        }
      }
      throw new PictureException(file, "is truncated: it ends before its picture");
    }
  }

  /** A WebP file of this chunk alone. */
  private static byte[] picture(
      Path file, RandomAccessFile in, String name, long length, PictureHeader header)
      throws IOException {
    if (in.getFilePointer() + length > in.length()) {
      throw new PictureException(file, "is truncated: it is shorter than its header says");
    }
    if (length > MAX_BYTES_A_PIXEL * header.pixels() + MAX_TABLES) {
      throw new PictureException(file, "is damaged: it has more data than its size can need");
    }
    int padded = (int) (length + (length & 1));
    ByteBuffer alone = ByteBuffer.allocate(RIFF_HEADER + CHUNK_HEADER + padded);
    alone.order(ByteOrder.LITTLE_ENDIAN);
    alone.put("RIFF".getBytes(StandardCharsets.ISO_8859_1));
    alone.putInt(4 + CHUNK_HEADER + padded);
    alone.put("WEBP".getBytes(StandardCharsets.ISO_8859_1));
    alone.put(name.getBytes(StandardCharsets.ISO_8859_1)).putInt((int) length);
    in.readFully(alone.array(), alone.position(), (int) length);
    return alone.array();
  }

  private static BufferedImage decode(byte[] webp) throws IOException {
    ImageReader reader = null;
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(webp))) {
      // By name: a program's other decoders of WebP turn colours into RGB in other ways.
      reader = new WebPImageReaderSpi().createReaderInstance();
      reader.setInput(in, false, true);
      return reader.read(0);
    } catch (LinkageError e) {
      throw new IOException("libwebp does not run on this machine (" + e.getMessage() + ")", e);
    } finally {
      if (reader != null) {
        reader.dispose();
      }
    }
  }

  /** What a first frame of an animation leaves free is black in Pillow. */
  private static BufferedImage onCanvas(
      BufferedImage frame, int left, int top, PictureHeader header) {
    if (frame.getWidth() == header.width() && frame.getHeight() == header.height()) {
      return frame;
    }
    int width = Math.min(frame.getWidth(), header.width() - left);
    int height = Math.min(frame.getHeight(), header.height() - top);
    BufferedImage canvas =
        new BufferedImage(header.width(), header.height(), BufferedImage.TYPE_INT_RGB);
    int[] pixels = ((DataBufferInt) canvas.getRaster().getDataBuffer()).getData();
    for (int y = 0; y < height && width > 0; y++) {
      frame.getRGB(0, y, width, 1, pixels, (top + y) * header.width() + left, header.width());
    }
    return canvas;
  }
}
