package io.github.kolors4j.internal.concepts;

import io.github.kolors4j.internal.image.ChineseFont;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/**
 * A square piece of the plane around the origin as a picture, with an optional title above it:
 * where each coordinate lies in pixels. The y axis points up.
 */
public final class PlotArea implements AutoCloseable {
  private static final Color FRAME = new Color(0xc8c8c8);
  private static final Color AXIS = new Color(0xececec);

  private final BufferedImage picture;
  private final Graphics2D graphics;
  private final int size;
  private final int top;
  private final double range;

  /**
   * @param size of the square in pixels
   * @param range the square shows -range to range in both directions
   * @param title above the square; empty for none
   */
  public PlotArea(int size, double range, String title) {
    this.size = size;
    this.range = range;
    int titleSize = Math.max(11, size / 18);
    top = title.isEmpty() ? 0 : 2 * titleSize;
    picture = new BufferedImage(size, top + size, BufferedImage.TYPE_INT_RGB);
    graphics = picture.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, size, top + size);
    if (!title.isEmpty()) {
      write(ChineseFont.writable(title), titleSize);
    }
    graphics.setColor(AXIS);
    graphics.drawLine(0, top + size / 2, size, top + size / 2);
    graphics.drawLine(size / 2, top, size / 2, top + size);
  }

  /** In the middle above the square, smaller if it is too long for it. */
  private void write(String title, int titleSize) {
    graphics.setColor(Color.BLACK);
    float points = titleSize;
    FontMetrics metrics = graphics.getFontMetrics(ChineseFont.at(points));
    if (metrics.stringWidth(title) > size - 4) {
      points *= (float) (size - 4) / metrics.stringWidth(title);
      metrics = graphics.getFontMetrics(ChineseFont.at(points));
    }
    graphics.setFont(ChineseFont.at(points));
    int baseline = (top + metrics.getAscent() - metrics.getDescent()) / 2;
    graphics.drawString(title, (size - metrics.stringWidth(title)) / 2, baseline);
  }

  /** What to draw with; coordinates in pixels come from {@link #column} and {@link #row}. */
  public Graphics2D graphics() {
    return graphics;
  }

  /** The width and height of the square in pixels. */
  public int size() {
    return size;
  }

  /** The first row of the square. */
  public int top() {
    return top;
  }

  /** How far the square reaches from the origin. */
  public double range() {
    return range;
  }

  /** Where an x lies, in pixels from the left. */
  public double column(double x) {
    return (x + range) / (2 * range) * size;
  }

  /** Where a y lies, in pixels from the top of the picture. */
  public double row(double y) {
    return top + (range - y) / (2 * range) * size;
  }

  /** The picture, with a frame around the square. */
  public BufferedImage finish() {
    graphics.setStroke(new BasicStroke(1));
    graphics.setColor(FRAME);
    graphics.drawRect(0, top, size - 1, size - 1);
    return picture;
  }

  @Override
  public void close() {
    graphics.dispose();
  }
}
