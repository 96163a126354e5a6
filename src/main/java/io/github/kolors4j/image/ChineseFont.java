package io.github.kolors4j.image;

import java.awt.Font;
import java.awt.FontFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
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

  /** Read once, when first needed. */
  private static final class Loaded {
    static final Font FONT = load();

    private static Font load() {
      try (InputStream packed = ChineseFont.class.getResourceAsStream(RESOURCE)) {
        if (packed == null) {
          throw new IllegalStateException("The library's jar lacks its font " + RESOURCE + ".");
        }
        return Font.createFont(Font.TRUETYPE_FONT, new GZIPInputStream(packed));
      } catch (FontFormatException e) {
        throw new IllegalStateException("The library's font " + RESOURCE + " is damaged.", e);
      } catch (IOException e) {
        throw new UncheckedIOException("The library's font " + RESOURCE + " cannot be read.", e);
      }
    }
  }
}
