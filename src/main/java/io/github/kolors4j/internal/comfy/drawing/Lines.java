package io.github.kolors4j.internal.comfy.drawing;

import io.github.kolors4j.internal.image.ChineseFont;
import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.util.ArrayList;
import java.util.List;

/** Text in a font: how wide it is, and into which lines it breaks. */
record Lines(Font font) {
  private static final FontRenderContext SMOOTH = new FontRenderContext(null, true, true);
  private static final String ELLIPSIS = "…";

  /** A longer text is not measured to its end: nobody reads it in a picture. */
  private static final int LONGEST = 4000;

  static Lines at(float size) {
    return new Lines(ChineseFont.at(size));
  }

  double width(String text) {
    return text.isEmpty() ? 0 : font.getStringBounds(text, SMOOTH).getWidth();
  }

  /** On one line, with … at its end if it had to be cut. */
  String cut(String text, double width) {
    if (width(text) <= width) {
      return text;
    }
    int fits = fitting(text, Math.max(0, width - width(ELLIPSIS)));
    return text.substring(0, fits) + ELLIPSIS;
  }

  /**
   * In lines of at most this width, broken at blanks, slashes and underscores, at Chinese
   * characters, or if need be within a word; the last line ends in … if there were more.
   *
   * @param most lines, at least 1
   */
  List<String> wrap(String text, double width, int most) {
    List<String> lines = new ArrayList<>();
    boolean shortened = text.length() > LONGEST;
    String shown = shortened ? text.substring(0, LONGEST) : text;
    for (String paragraph : shown.split("\r?\n|\r", -1)) {
      String rest = paragraph.replace("\t", "  ");
      do {
        int end = lineEnd(rest, width);
        lines.add(rest.substring(0, end).stripTrailing());
        rest = rest.substring(end).stripLeading();
        if (lines.size() > most) {
          return marked(lines.subList(0, most), width);
        }
      } while (!rest.isEmpty());
    }
    return shortened ? marked(lines, width) : lines;
  }

  private List<String> marked(List<String> lines, double width) {
    List<String> marked = new ArrayList<>(lines);
    String last = marked.get(marked.size() - 1);
    int fits = fitting(last, Math.max(0, width - width(ELLIPSIS)));
    marked.set(marked.size() - 1, last.substring(0, fits) + ELLIPSIS);
    return marked;
  }

  private int lineEnd(String text, double width) {
    int fits = fitting(text, width);
    if (fits == text.length()) {
      return fits;
    }
    for (int end = fits; end > 0; end--) {
      if (breaksBefore(text, end)) {
        return end;
      }
    }
    return Math.max(fits, Character.charCount(text.codePointAt(0)));
  }

  /** Chinese breaks at every character, but punctuation does not begin a line. */
  private static boolean breaksBefore(String text, int index) {
    char before = text.charAt(index - 1);
    char after = text.charAt(index);
    return before == ' '
        || after == ' '
        || before == '/'
        || before == '_'
        || Character.isLowerCase(before) && Character.isUpperCase(after)
        || (before > 0x2e7f || after > 0x2e7f) && "，。、；：！？）》”’".indexOf(after) < 0;
  }

  /** How many characters of a text fit, by bisection. */
  private int fitting(String text, double width) {
    int low = 0;
    int high = text.length();
    while (low < high) {
      int middle = (low + high + 1) / 2;
      if (width(text.substring(0, middle)) <= width) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    boolean splitsPair =
        low > 0 && low < text.length() && Character.isHighSurrogate(text.charAt(low - 1));
    return splitsPair ? low - 1 : low;
  }
}
