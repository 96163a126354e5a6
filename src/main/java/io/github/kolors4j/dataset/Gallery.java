package io.github.kolors4j.dataset;

import io.github.kolors4j.image.PictureException;
import io.github.kolors4j.image.PictureGrid;
import io.github.kolors4j.image.Pictures;
import io.github.kolors4j.image.Renderable;
import io.github.kolors4j.internal.image.ChineseFont;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Pictures with captions that draw themselves as one picture: the value of a notebook cell.
 *
 * @param pictures thumbnails, at most {@link #CELL} pixels each way when made by {@link #of}
 * @param captions one a picture
 * @param columns pictures in a row, at least 1
 */
public record Gallery(List<BufferedImage> pictures, List<String> captions, int columns)
    implements Renderable {
  /** The side of a cell in pixels. */
  public static final int CELL = 200;

  private static final int DEFAULT_COLUMNS = 4;

  /** Checks and copies. */
  public Gallery {
    pictures = List.copyOf(pictures);
    captions = List.copyOf(captions);
    if (captions.size() != pictures.size()) {
      throw new IllegalArgumentException(
          captions.size() + " captions for " + pictures.size() + " pictures.");
    }
    if (columns < 1) {
      throw new IllegalArgumentException("A gallery needs at least one column, not " + columns);
    }
  }

  /** The pictures' thumbnails; one that does not decode becomes a grey card with the reason. */
  public static Gallery of(List<CaptionedPicture> pictures) {
    List<BufferedImage> thumbnails =
        pictures.parallelStream().map(picture -> thumbnail(picture, CELL)).toList();
    List<String> captions = pictures.stream().map(CaptionedPicture::caption).toList();
    return new Gallery(thumbnails, captions, DEFAULT_COLUMNS);
  }

  /** The same with another number of columns. */
  public Gallery columns(int newColumns) {
    return new Gallery(pictures, captions, newColumns);
  }

  /** The number of pictures. */
  public int size() {
    return pictures.size();
  }

  /** Draws all as one picture. */
  @Override
  public BufferedImage render() {
    if (pictures.isEmpty()) {
      return card("没有图片\n(no pictures)");
    }
    int across = Math.min(columns, pictures.size());
    int down = (pictures.size() + across - 1) / across;
    return PictureGrid.of(pictures, down, across).cellSize(CELL, CELL).captions(captions).render();
  }

  /** A picture of at most so many pixels each way; a grey card if it does not decode. */
  static BufferedImage thumbnail(CaptionedPicture picture, int side) {
    try {
      BufferedImage pixels = picture.read();
      boolean large = pixels.getWidth() > side || pixels.getHeight() > side;
      return large ? Pictures.fit(pixels, side, side) : pixels;
    } catch (PictureException e) {
      return card("无法解码\n(does not decode)\n" + picture.file().getFileName());
    }
  }

  private static BufferedImage card(String text) {
    BufferedImage card = new BufferedImage(CELL, CELL, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = card.createGraphics();
    try {
      g.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      g.setColor(new Color(0xe8e8e8));
      g.fillRect(0, 0, CELL, CELL);
      g.setColor(new Color(0xa02020));
      g.setFont(ChineseFont.at(15));
      List<String> lines = new ArrayList<>(List.of(text.split("\n")));
      int lineHeight = g.getFontMetrics().getHeight();
      int y = (CELL - lineHeight * lines.size()) / 2 + g.getFontMetrics().getAscent();
      for (String line : lines) {
        g.drawString(line, (CELL - g.getFontMetrics().stringWidth(line)) / 2, y);
        y += lineHeight;
      }
    } finally {
      g.dispose();
    }
    return card;
  }

  @Override
  public String toString() {
    return size() == 1 ? "gallery of 1 picture" : "gallery of " + size() + " pictures";
  }
}
