package io.github.kolors4j.internal.comfy.drawing;

import io.github.kolors4j.image.Pictures;
import io.github.kolors4j.internal.image.ChineseFont;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/** What a workflow gave, as one picture: its pictures side by side, each over its file's name. */
public final class ResultPicture {
  private static final Lines FONT = Lines.at(12);
  private static final int MOST_COLUMNS = 4;
  private static final int LARGEST_ALONE = 768;
  private static final int LARGEST_CELL = 240;
  private static final int SMALLEST_CELL = 128;
  private static final int TEXT_WIDTH = 620;
  private static final int GAP = 8;
  private static final int LINE = 17;
  private static final int MOST_LINES = 40;

  private ResultPicture() {}

  /**
   * Draws it.
   *
   * @param pictures may be none
   * @param captions one for each
   * @param texts in black below
   * @param notices in grey below these
   */
  public static BufferedImage draw(
      List<BufferedImage> pictures,
      List<String> captions,
      List<String> texts,
      List<String> notices) {
    int most = pictures.size() == 1 ? LARGEST_ALONE : LARGEST_CELL;
    List<BufferedImage> fitted = pictures.stream().map(each -> fitted(each, most)).toList();
    int cell = fitted.stream().mapToInt(BufferedImage::getWidth).max().orElse(0);
    int cellWidth = Math.max(SMALLEST_CELL, cell);
    int cellHeight = fitted.stream().mapToInt(BufferedImage::getHeight).max().orElse(0);
    List<List<String>> names =
        captions.stream().map(name -> lines(name, cellWidth, MOST_LINES)).toList();
    int nameLines = names.stream().mapToInt(List::size).max().orElse(0);
    int columns = Math.min(MOST_COLUMNS, fitted.size());
    int rows = fitted.isEmpty() ? 0 : (fitted.size() + columns - 1) / columns;
    int rowHeight = cellHeight + nameLines * LINE + 2 * GAP;
    int width = columns * (cellWidth + GAP) + GAP;
    int textWidth = Math.max(width - 2 * GAP, TEXT_WIDTH);
    List<String> below = wrapped(texts, textWidth);
    List<String> grey = wrapped(notices, textWidth);
    double longest =
        java.util.stream.Stream.concat(below.stream(), grey.stream())
            .mapToDouble(FONT::width)
            .max()
            .orElse(0);
    int height = GAP + rows * rowHeight + (below.size() + grey.size()) * LINE + GAP;
    BufferedImage result =
        new BufferedImage(
            Math.max(width, (int) Math.ceil(longest) + 2 * GAP),
            height,
            BufferedImage.TYPE_INT_RGB);
    Graphics2D g = result.createGraphics();
    try {
      g.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      g.setFont(FONT.font());
      g.setColor(Color.WHITE);
      g.fillRect(0, 0, result.getWidth(), height);
      for (int i = 0; i < fitted.size(); i++) {
        int x = GAP + i % columns * (cellWidth + GAP);
        int y = GAP + i / columns * rowHeight;
        g.drawImage(fitted.get(i), x, y, null);
        g.setColor(Color.BLACK);
        write(g, names.get(i), x, y + cellHeight + GAP);
      }
      g.setColor(Color.BLACK);
      int y = write(g, below, GAP, GAP + rows * rowHeight);
      g.setColor(Color.GRAY);
      write(g, grey, GAP, y);
    } finally {
      g.dispose();
    }
    return result;
  }

  private static BufferedImage fitted(BufferedImage picture, int most) {
    boolean fits = picture.getWidth() <= most && picture.getHeight() <= most;
    return fits ? picture : Pictures.fit(picture, most, most);
  }

  private static List<String> wrapped(List<String> texts, int width) {
    List<String> lines = new ArrayList<>();
    texts.forEach(text -> lines.addAll(lines(text, width, MOST_LINES)));
    return lines;
  }

  private static List<String> lines(String text, int width, int most) {
    return FONT.wrap(ChineseFont.writable(text), width, most);
  }

  private static int write(Graphics2D g, List<String> lines, int x, int top) {
    int y = top;
    for (String line : lines) {
      g.drawString(line, x, y + 12);
      y += LINE;
    }
    return y;
  }
}
