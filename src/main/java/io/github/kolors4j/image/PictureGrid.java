package io.github.kolors4j.image;

import io.github.kolors4j.internal.image.ChineseFont;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Pictures side by side in rows and columns, each with an optional caption under it. Immutable; the
 * options return a changed copy:
 *
 * <pre>{@code
 * PictureGrid.of(pictures, 2, 4).captions(prompts).render()
 * }</pre>
 */
public final class PictureGrid implements Renderable {
  private static final int GAP = 8;
  private static final int CAPTION_LINES = 5;
  private static final String NOT_FIRST = "，。、；：！？）》”’";
  private static final Color CELL = new Color(0xf3f3f3);

  private final List<BufferedImage> pictures;
  private final int rows;
  private final int columns;
  private final List<String> captions;
  private final String title;
  private final int cellWidth;
  private final int cellHeight;

  private PictureGrid(
      List<BufferedImage> pictures,
      int rows,
      int columns,
      List<String> captions,
      String title,
      int cellWidth,
      int cellHeight) {
    this.pictures = pictures;
    this.rows = rows;
    this.columns = columns;
    this.captions = captions;
    this.title = title;
    this.cellWidth = cellWidth;
    this.cellHeight = cellHeight;
  }

  /**
   * A grid filled row by row; cells beyond the last picture stay empty. The cells are as large as
   * the largest picture, and smaller pictures are centred in theirs.
   *
   * @throws IllegalArgumentException if there is no picture or there are more than cells
   */
  public static PictureGrid of(List<BufferedImage> pictures, int rows, int columns) {
    if (pictures.isEmpty()) {
      throw new IllegalArgumentException("A grid needs at least one picture.");
    }
    if (rows < 1 || columns < 1 || pictures.size() > rows * columns) {
      throw new IllegalArgumentException(
          pictures.size() + " pictures do not fit into " + rows + " rows of " + columns + ".");
    }
    int width = pictures.stream().mapToInt(BufferedImage::getWidth).max().orElseThrow();
    int height = pictures.stream().mapToInt(BufferedImage::getHeight).max().orElseThrow();
    return new PictureGrid(List.copyOf(pictures), rows, columns, List.of(), "", width, height);
  }

  /** With a text under each picture, in Chinese or English; a long one is wrapped, then cut. */
  public PictureGrid captions(List<String> newCaptions) {
    if (newCaptions.size() != pictures.size()) {
      throw new IllegalArgumentException(
          newCaptions.size() + " captions for " + pictures.size() + " pictures.");
    }
    return new PictureGrid(
        pictures, rows, columns, List.copyOf(newCaptions), title, cellWidth, cellHeight);
  }

  /** With a title above the grid. */
  public PictureGrid title(String newTitle) {
    return new PictureGrid(pictures, rows, columns, captions, newTitle, cellWidth, cellHeight);
  }

  /**
   * With cells of this many pixels; pictures are shrunk or enlarged to fit, keeping their shape.
   */
  public PictureGrid cellSize(int width, int height) {
    return new PictureGrid(pictures, rows, columns, captions, title, width, height);
  }

  /** The number of rows. */
  public int rows() {
    return rows;
  }

  /** The number of columns. */
  public int columns() {
    return columns;
  }

  /** Draws the grid. */
  @Override
  public BufferedImage render() {
    Font font = ChineseFont.at(Math.max(11f, Math.min(22f, cellWidth / 15f)));
    Font titleFont = ChineseFont.boldAt(font.getSize2D() * 1.3f);
    FontMetrics metrics = metrics(font);
    FontMetrics titleMetrics = metrics(titleFont);
    List<List<String>> lines = new ArrayList<>();
    for (String caption : captions) {
      lines.add(wrap(caption, metrics, cellWidth));
    }
    int mostLines = lines.stream().mapToInt(List::size).max().orElse(0);
    int captionHeight = mostLines == 0 ? 0 : mostLines * metrics.getHeight() + GAP / 2;
    int titleHeight = title.isEmpty() ? 0 : titleMetrics.getHeight() + GAP / 2;
    int width = columns * (cellWidth + GAP) + GAP;
    int height = titleHeight + rows * (cellHeight + captionHeight + GAP) + GAP;
    BufferedImage grid = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = grid.createGraphics();
    try {
      g.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      g.setColor(Color.WHITE);
      g.fillRect(0, 0, width, height);
      g.setColor(Color.BLACK);
      if (!title.isEmpty()) {
        g.setFont(titleFont);
        String line = cut(title, titleMetrics, width - 2 * GAP);
        g.drawString(
            line, (width - titleMetrics.stringWidth(line)) / 2, GAP + titleMetrics.getAscent());
      }
      g.setFont(font);
      for (int i = 0; i < pictures.size(); i++) {
        int x = GAP + i % columns * (cellWidth + GAP);
        int y = titleHeight + GAP + i / columns * (cellHeight + captionHeight + GAP);
        BufferedImage picture = fitted(pictures.get(i));
        g.setColor(CELL);
        g.fillRect(x, y, cellWidth, cellHeight);
        g.setColor(Color.BLACK);
        g.drawImage(
            picture,
            x + (cellWidth - picture.getWidth()) / 2,
            y + (cellHeight - picture.getHeight()) / 2,
            null);
        if (!lines.isEmpty()) {
          drawCaption(g, metrics, lines.get(i), x, y + cellHeight + GAP / 2);
        }
      }
    } finally {
      g.dispose();
    }
    return grid;
  }

  private BufferedImage fitted(BufferedImage picture) {
    boolean fits = picture.getWidth() <= cellWidth && picture.getHeight() <= cellHeight;
    return fits ? picture : Pictures.fit(picture, cellWidth, cellHeight);
  }

  private void drawCaption(
      Graphics2D g, FontMetrics metrics, List<String> lines, int left, int top) {
    int baseline = top + metrics.getAscent();
    for (String line : lines) {
      g.drawString(line, left + (cellWidth - metrics.stringWidth(line)) / 2, baseline);
      baseline += metrics.getHeight();
    }
  }

  private static FontMetrics metrics(Font font) {
    Graphics2D g = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    try {
      return g.getFontMetrics(font);
    } finally {
      g.dispose();
    }
  }

  /**
   * Breaks a caption into at most {@link #CAPTION_LINES} lines. Chinese breaks anywhere; Latin
   * words stay whole unless one is wider than the cell.
   */
  static List<String> wrap(String caption, FontMetrics metrics, int width) {
    List<String> lines = new ArrayList<>();
    String rest = caption.strip().replaceAll("[ \\t]+", " ");
    while (!rest.isEmpty()) {
      if (lines.size() == CAPTION_LINES - 1) {
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

  private static String cut(String text, FontMetrics metrics, int width) {
    if (metrics.stringWidth(text) <= width) {
      return text;
    }
    int end = text.length();
    while (end > 0 && metrics.stringWidth(text.substring(0, end) + "…") > width) {
      end = text.offsetByCodePoints(end, -1);
    }
    return text.substring(0, end) + "…";
  }

  @Override
  public String toString() {
    return rows + " × " + columns + " grid" + (title.isEmpty() ? "" : ": " + title);
  }
}
