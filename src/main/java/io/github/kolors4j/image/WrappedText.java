package io.github.kolors4j.image;

import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** Breaks Chinese and English texts into lines that fit beside a picture. */
final class WrappedText {
  private static final int MOST_LINES = 5;
  private static final String NOT_FIRST = "，。、；：！？）》”’";

  private WrappedText() {}

  /** The measures of a font as pictures are written in it. */
  static FontMetrics metrics(Font font) {
    Graphics2D g = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    try {
      return g.getFontMetrics(font);
    } finally {
      g.dispose();
    }
  }

  /**
   * Breaks a text into at most {@link #MOST_LINES} lines. Chinese breaks anywhere; Latin words stay
   * whole unless one is wider than the cell.
   */
  static List<String> wrap(String text, FontMetrics metrics, int width) {
    List<String> lines = new ArrayList<>();
    String rest = text.strip().replaceAll("[ \\t]+", " ");
    while (!rest.isEmpty()) {
      if (lines.size() == MOST_LINES - 1) {
        lines.add(cut(rest.replace('\n', ' '), metrics, width));
        break;
      }
      int end = lineEnd(rest, metrics, width);
      lines.add(rest.substring(0, end).strip());
      rest = rest.substring(end).strip();
    }
    return lines;
  }

  private static int lineEnd(String text, FontMetrics metrics, int width) {
    int newline = text.indexOf('\n');
    String line = newline < 0 ? text : text.substring(0, newline);
    int end = 0;
    int used = 0;
    int lastBreak = 0;
    while (end < line.length()) {
      int codePoint = line.codePointAt(end);
      used += metrics.charWidth(codePoint);
      if (used > width) {
        break;
      }
      end += Character.charCount(codePoint);
      boolean wholeWord =
          codePoint == ' '
              || codePoint > 0x2e7f
              || end < line.length() && line.codePointAt(end) > 0x2e7f;
      if (wholeWord) {
        lastBreak = end;
      }
    }
    if (end == line.length()) {
      return end;
    }
    int breakAt = lastBreak > 0 ? lastBreak : end;
    // Chinese punctuation does not begin a line: the character before it comes along.
    boolean punctuation = NOT_FIRST.indexOf(line.charAt(breakAt)) >= 0;
    return Math.max(1, punctuation && breakAt > 1 ? breakAt - 1 : breakAt);
  }

  static String cut(String text, FontMetrics metrics, int width) {
    if (metrics.stringWidth(text) <= width) {
      return text;
    }
    int end = text.length();
    while (end > 0 && metrics.stringWidth(text.substring(0, end) + "…") > width) {
      end = text.offsetByCodePoints(end, -1);
    }
    return text.substring(0, end) + "…";
  }
}
