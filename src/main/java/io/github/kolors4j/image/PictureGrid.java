package io.github.kolors4j.image;

import io.github.kolors4j.internal.image.ChineseFont;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/**
 * Pictures side by side in rows and columns, each with an optional caption under it, and labels of
 * rows and columns. Immutable; the options return a changed copy:
 *
 * <pre>{@code
 * PictureGrid.of(pictures, 2, 4).captions(prompts).render()
 * }</pre>
 */
public final class PictureGrid implements Renderable {
  private static final int GAP = 8;
  private static final int LEAST_LABEL_WIDTH = 96;
  private static final Color CELL = new Color(0xf3f3f3);

  private final List<BufferedImage> pictures;
  private final int rows;
  private final int columns;
  private final Texts texts;
  private final int cellWidth;
  private final int cellHeight;

  /** What is written around the pictures; an empty list or text stands for none. */
  private record Texts(
      String title, List<String> captions, List<String> rowLabels, List<String> columnLabels) {
    static final Texts NONE = new Texts("", List.of(), List.of(), List.of());
  }

  private PictureGrid(
      List<BufferedImage> pictures,
      int rows,
      int columns,
      Texts texts,
      int cellWidth,
      int cellHeight) {
    this.pictures = pictures;
    this.rows = rows;
    this.columns = columns;
    this.texts = texts;
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
    return new PictureGrid(List.copyOf(pictures), rows, columns, Texts.NONE, width, height);
  }

  /** With a text under each picture, in Chinese or English; a long one is wrapped, then cut. */
  public PictureGrid captions(List<String> newCaptions) {
    if (newCaptions.size() != pictures.size()) {
      throw new IllegalArgumentException(
          newCaptions.size() + " captions for " + pictures.size() + " pictures.");
    }
    return with(
        new Texts(texts.title, List.copyOf(newCaptions), texts.rowLabels, texts.columnLabels));
  }

  /** With a title above the grid. */
  public PictureGrid title(String newTitle) {
    return with(new Texts(newTitle, texts.captions, texts.rowLabels, texts.columnLabels));
  }

  /**
   * With a text to the left of each row, in Chinese or English.
   *
   * @throws IllegalArgumentException if there are more or fewer than rows
   */
  public PictureGrid rowLabels(List<String> labels) {
    requireCount("row labels", labels, rows);
    return with(new Texts(texts.title, texts.captions, List.copyOf(labels), texts.columnLabels));
  }

  /**
   * With a text above each column, in Chinese or English.
   *
   * @throws IllegalArgumentException if there are more or fewer than columns
   */
  public PictureGrid columnLabels(List<String> labels) {
    requireCount("column labels", labels, columns);
    return with(new Texts(texts.title, texts.captions, texts.rowLabels, List.copyOf(labels)));
  }

  private static void requireCount(String what, List<String> labels, int count) {
    if (labels.size() != count) {
      throw new IllegalArgumentException(
          "%d %s for a grid that has %d: %s.".formatted(labels.size(), what, count, labels));
    }
  }

  private PictureGrid with(Texts other) {
    return new PictureGrid(pictures, rows, columns, other, cellWidth, cellHeight);
  }

  /**
   * With cells of this many pixels. Larger pictures are shrunk to fit, keeping their shape; smaller
   * ones are centred.
   */
  public PictureGrid cellSize(int width, int height) {
    return new PictureGrid(pictures, rows, columns, texts, width, height);
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
    return new Drawing().draw();
  }

  /** The grid's measures in pixels, and how it is drawn by them. */
  private final class Drawing {
    private final Font font = ChineseFont.at(Math.max(11f, Math.min(22f, cellWidth / 15f)));
    private final Font titleFont = ChineseFont.boldAt(font.getSize2D() * 1.3f);
    private final FontMetrics metrics = WrappedText.metrics(font);
    private final FontMetrics titleMetrics = WrappedText.metrics(titleFont);
    private final List<List<String>> captions = wrapped(texts.captions, cellWidth);
    private final List<List<String>> columnLabels = wrapped(texts.columnLabels, cellWidth);
    private final List<List<String>> rowLabels =
        wrapped(texts.rowLabels, Math.max(cellWidth, LEAST_LABEL_WIDTH));

    private final int titleHeight = texts.title.isEmpty() ? 0 : titleMetrics.getHeight() + GAP / 2;
    private final int top = titleHeight + height(columnLabels) + GAP;
    private final int left = GAP + (rowLabels.isEmpty() ? 0 : width(rowLabels) + GAP);
    private final int stepX = cellWidth + GAP;
    private final int stepY = cellHeight + height(captions) + GAP;

    private List<List<String>> wrapped(List<String> all, int width) {
      return all.stream().map(text -> WrappedText.wrap(text, metrics, width)).toList();
    }

    private int height(List<List<String>> all) {
      int lines = all.stream().mapToInt(List::size).max().orElse(0);
      return lines == 0 ? 0 : lines * metrics.getHeight() + GAP / 2;
    }

    private int width(List<List<String>> all) {
      return all.stream().flatMap(List::stream).mapToInt(metrics::stringWidth).max().orElse(0);
    }

    BufferedImage draw() {
      int width = left + columns * stepX;
      int height = top + rows * stepY;
      BufferedImage grid = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      Graphics2D g = grid.createGraphics();
      try {
        g.setRenderingHint(
            RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, height);
        g.setColor(Color.BLACK);
        drawTitle(g, width);
        g.setFont(font);
        drawLabels(g);
        for (int i = 0; i < pictures.size(); i++) {
          drawCell(g, i, left + i % columns * stepX, top + i / columns * stepY);
        }
      } finally {
        g.dispose();
      }
      return grid;
    }

    private void drawTitle(Graphics2D g, int width) {
      if (!texts.title.isEmpty()) {
        g.setFont(titleFont);
        String line = WrappedText.cut(texts.title, titleMetrics, width - 2 * GAP);
        g.drawString(
            line, (width - titleMetrics.stringWidth(line)) / 2, GAP + titleMetrics.getAscent());
      }
    }

    private void drawLabels(Graphics2D g) {
      for (int i = 0; i < columnLabels.size(); i++) {
        // The last line stands right above the pictures.
        List<String> label = columnLabels.get(i);
        int labelTop = top - GAP / 2 - label.size() * metrics.getHeight();
        drawCentred(g, label, left + i * stepX, cellWidth, labelTop);
      }
      for (int i = 0; i < rowLabels.size(); i++) {
        List<String> label = rowLabels.get(i);
        int middle = top + i * stepY + cellHeight / 2;
        int labelTop = middle - label.size() * metrics.getHeight() / 2;
        drawCentred(g, label, GAP, left - 2 * GAP, labelTop);
      }
    }

    private void drawCell(Graphics2D g, int index, int x, int y) {
      BufferedImage picture = fitted(pictures.get(index));
      g.setColor(CELL);
      g.fillRect(x, y, cellWidth, cellHeight);
      g.setColor(Color.BLACK);
      g.drawImage(
          picture,
          x + (cellWidth - picture.getWidth()) / 2,
          y + (cellHeight - picture.getHeight()) / 2,
          null);
      if (!captions.isEmpty()) {
        drawCentred(g, captions.get(index), x, cellWidth, y + cellHeight + GAP / 2);
      }
    }

    private void drawCentred(Graphics2D g, List<String> lines, int x, int width, int y) {
      int baseline = y + metrics.getAscent();
      for (String line : lines) {
        g.drawString(line, x + (width - metrics.stringWidth(line)) / 2, baseline);
        baseline += metrics.getHeight();
      }
    }
  }

  private BufferedImage fitted(BufferedImage picture) {
    boolean fits = picture.getWidth() <= cellWidth && picture.getHeight() <= cellHeight;
    return fits ? picture : Pictures.fit(picture, cellWidth, cellHeight);
  }

  @Override
  public String toString() {
    return rows + " × " + columns + " grid" + (texts.title.isEmpty() ? "" : ": " + texts.title);
  }
}
