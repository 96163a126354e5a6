package io.github.kolors4j.concepts;

import io.github.kolors4j.image.Renderable;
import io.github.kolors4j.internal.concepts.PlotArea;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * A picture of one or more clouds of points in one square of the plane. Immutable; the options
 * return a changed copy:
 *
 * <pre>{@code
 * drawn.scatter().over(data).title("GAN").size(240)
 * }</pre>
 */
public final class Scatter implements Renderable {
  /** What is looked at. */
  public static final Color BLUE = new Color(0x1f, 0x5f, 0xbf);

  /** What it is to be compared with, behind it. */
  public static final Color GREY = new Color(0xd2, 0xd2, 0xd2);

  /** What is to stand out. */
  public static final Color ORANGE = new Color(0xe8, 0x7a, 0x10);

  private record Cloud(Points points, Color color) {}

  private final List<Cloud> clouds;
  private final String title;
  private final int size;
  private final double range;

  private Scatter(List<Cloud> clouds, String title, int size, double range) {
    this.clouds = clouds;
    this.title = title;
    this.size = size;
    this.range = range;
  }

  /** Blue points on white, 256 pixels wide, from -2.6 to 2.6. */
  public static Scatter of(Points points) {
    return new Scatter(List.of(new Cloud(points, BLUE)), "", 256, 2.6);
  }

  /** With other points behind, in grey: mostly the data that a model was to learn. */
  public Scatter over(Points behind) {
    List<Cloud> all = new ArrayList<>(List.of(new Cloud(behind, GREY)));
    all.addAll(clouds);
    return new Scatter(List.copyOf(all), title, size, range);
  }

  /** With other points in front. */
  public Scatter and(Points inFront, Color color) {
    List<Cloud> all = new ArrayList<>(clouds);
    all.add(new Cloud(inFront, color));
    return new Scatter(List.copyOf(all), title, size, range);
  }

  /** With a text above the square, in Chinese or English. */
  public Scatter title(String newTitle) {
    return new Scatter(clouds, newTitle, size, range);
  }

  /** With another width of the square, in pixels. */
  public Scatter size(int pixels) {
    return new Scatter(clouds, title, pixels, range);
  }

  /** From {@code -limit} to {@code limit} in both directions; points outside are not seen. */
  public Scatter range(double limit) {
    return new Scatter(clouds, title, size, limit);
  }

  @Override
  public BufferedImage render() {
    try (PlotArea area = new PlotArea(size, range, title)) {
      clouds.forEach(cloud -> draw(area, cloud));
      return area.finish();
    }
  }

  private static void draw(PlotArea area, Cloud cloud) {
    area.graphics().setClip(0, area.top(), area.size(), area.size());
    area.graphics().setColor(cloud.color());
    int dot = Math.max(2, area.size() / 128);
    for (int i = 0; i < cloud.points().size(); i++) {
      int column = (int) Math.round(area.column(cloud.points().x(i)) - dot / 2.0);
      int row = (int) Math.round(area.row(cloud.points().y(i)) - dot / 2.0);
      area.graphics().fillRect(column, row, dot, dot);
    }
    area.graphics().setClip(null);
  }

  @Override
  public String toString() {
    return title.isEmpty() ? "scatter" : "scatter: " + title;
  }
}
