package io.github.kolors4j.internal.image;

import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.internal.files.RegularFile;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.InflaterInputStream;

/**
 * The texts in a PNG file, by their keywords: the chunks tEXt, zTXt and iTXt of the PNG
 * specification (third edition, 11.3.3). No pixel is decoded. A picture from anywhere may be read:
 * no text is longer than {@link #MAX_BYTES}, however well it is compressed, and no more than {@link
 * #MAX_TEXTS} are read.
 */
public final class PngText {
  /** The longest text that is read, in bytes; a longer one is passed over. */
  static final int MAX_BYTES = 1 << 22;

  static final int MAX_TEXTS = 100;

  private static final long SIGNATURE = 0x89504E470D0A1A0AL;
  private static final int TEXT = 0x74455874;
  private static final int COMPRESSED_TEXT = 0x7A545874;
  private static final int INTERNATIONAL_TEXT = 0x69545874;
  private static final int END = 0x49454E44;

  private PngText() {}

  /**
   * Reads all texts of a file; of several with one keyword the first.
   *
   * @throws PictureException if the file is no PNG, or cannot be read
   */
  public static Map<String, String> read(Path file) {
    Map<String, String> texts = new LinkedHashMap<>();
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(Files.newInputStream(RegularFile.require(file)), 1 << 16))) {
      if (Files.size(file) < 8 || in.readLong() != SIGNATURE) {
        throw new PictureException(
            file, "is no PNG file; texts about a picture are read from PNG files only");
      }
      int seen = 0;
      while (true) {
        long length = Integer.toUnsignedLong(in.readInt());
        int type = in.readInt();
        if (type == END) {
          return texts;
        }
        boolean text = type == TEXT || type == COMPRESSED_TEXT || type == INTERNATIONAL_TEXT;
        if (text && length <= MAX_BYTES && seen++ < MAX_TEXTS) {
          add(type, in.readNBytes((int) length), texts);
        } else {
          in.skipNBytes(length);
        }
        in.skipNBytes(4); // the checksum
      }
    } catch (EOFException e) {
      return texts; // a picture that was cut off still says what it says
    } catch (IOException e) {
      throw new PictureException(file, "could not be read: " + e.getMessage(), e);
    }
  }

  /**
   * JSON in ASCII alone, as Python's {@code json.dumps} writes it: all other characters, which only
   * texts and names have, as {@code \\uXXXX}. So it fits into a tEXt chunk.
   */
  public static String asciiJson(String json) {
    StringBuilder ascii = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c < 127) {
        ascii.append(c);
      } else {
        ascii.append("\\u%04x".formatted((int) c));
      }
    }
    return ascii.toString();
  }

  private static void add(int type, byte[] chunk, Map<String, String> texts) {
    int end = zero(chunk, 0);
    if (end < 0) {
      return;
    }
    String keyword = new String(chunk, 0, end, StandardCharsets.ISO_8859_1);
    Optional<String> text =
        switch (type) {
          case TEXT -> text(chunk, end + 1, false, StandardCharsets.ISO_8859_1);
          case COMPRESSED_TEXT -> text(chunk, end + 2, true, StandardCharsets.ISO_8859_1);
          default -> international(chunk, end + 1);
        };
    text.ifPresent(found -> texts.putIfAbsent(keyword, found));
  }

  /** Two bytes about compression, a language, a translated keyword, and the text in UTF-8. */
  private static Optional<String> international(byte[] chunk, int start) {
    int language = zero(chunk, start + 2);
    int translated = language < 0 ? -1 : zero(chunk, language + 1);
    return translated < 0
        ? Optional.empty()
        : text(chunk, translated + 1, chunk[start] == 1, StandardCharsets.UTF_8);
  }

  private static Optional<String> text(
      byte[] chunk, int start, boolean compressed, Charset charset) {
    if (start > chunk.length) {
      return Optional.empty();
    }
    if (!compressed) {
      return Optional.of(new String(chunk, start, chunk.length - start, charset));
    }
    byte[] packed = Arrays.copyOfRange(chunk, start, chunk.length);
    try (InputStream inflated = new InflaterInputStream(new ByteArrayInputStream(packed))) {
      byte[] bytes = inflated.readNBytes(MAX_BYTES + 1);
      return bytes.length > MAX_BYTES ? Optional.empty() : Optional.of(new String(bytes, charset));
    } catch (IOException e) {
      return Optional.empty(); // damaged
    }
  }

  private static int zero(byte[] chunk, int from) {
    for (int i = from; i < chunk.length; i++) {
      if (chunk[i] == 0) {
        return i;
      }
    }
    return -1;
  }
}
