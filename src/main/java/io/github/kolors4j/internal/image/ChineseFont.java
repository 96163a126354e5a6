package io.github.kolors4j.internal.image;

import io.github.kolors4j.internal.files.AtomicFile;
import java.awt.Font;
import java.awt.FontFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * The font that ships with the library: Noto Sans SC (SIL Open Font License), cut down to Latin and
 * the characters of GB 2312. Pictures and charts with Chinese labels look the same on a machine
 * that has no Chinese font, which is most servers.
 */
public final class ChineseFont {
  private static final String RESOURCE = "NotoSansSC-GB2312.ttf.gz";

  private ChineseFont() {}

  /** The font at a size in points (one point is one pixel in a picture). */
  public static Font at(float size) {
    return Loaded.FONT.deriveFont(size);
  }

  /** The font in (synthesized) bold. */
  public static Font boldAt(float size) {
    return Loaded.FONT.deriveFont(Font.BOLD, size);
  }

  /**
   * A text from outside as the font can write it: of a character that it lacks (a traditional one,
   * an emoji) stands the number, such as U+9AEE, instead of an empty box.
   */
  public static String writable(String text) {
    Font font = at(12);
    if (font.canDisplayUpTo(text) < 0) {
      return text;
    }
    StringBuilder writable = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              if (font.canDisplay(point) || Character.isWhitespace(point)) {
                writable.appendCodePoint(point);
              } else {
                writable.append(String.format("U+%04X", point));
              }
            });
    return writable.toString();
  }

  /** Read once, when first needed. */
  private static final class Loaded {
    static final Font FONT = load();

    private static Font load() {
      try (InputStream packed = ChineseFont.class.getResourceAsStream(RESOURCE)) {
        if (packed == null) {
          throw new IllegalStateException("The library's jar lacks its font " + RESOURCE + ".");
        }
        byte[] font = new GZIPInputStream(packed).readAllBytes();
        try {
          return Font.createFont(Font.TRUETYPE_FONT, new ByteArrayInputStream(font));
        } catch (IOException e) { // the folder for temporary files, where Java puts it, is full
          return Font.createFont(Font.TRUETYPE_FONT, inHome(font).toFile());
        }
      } catch (FontFormatException e) {
        throw new IllegalStateException("The library's font " + RESOURCE + " is damaged.", e);
      } catch (IOException e) {
        throw new UncheckedIOException(
            "The library's font cannot be read, or not be put into a file: " + e.getMessage(), e);
      }
    }

    private static Path inHome(byte[] font) throws IOException {
      Path file = Path.of(System.getProperty("user.home"), ".cache", "kolors4j", "font.ttf");
      AtomicFile.write(file, out -> out.write(font));
      return file;
    }
  }
}
