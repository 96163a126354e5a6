package io.github.kolors4j.concepts;

import io.github.kolors4j.image.Renderable;
import io.github.kolors4j.internal.concepts.PlotArea;
import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A square of the plane, drawn in layers: a density as a map, a vector field as arrows, points, and
 * paths. What is added later lies in front. Immutable; the options return a changed copy:
 *
 * <pre>{@code
 * Plane.upTo(2.6).with(density).with(field, Color.DARK_GRAY).with(points, Scatter.ORANGE)
 * }</pre>
 */
public final class Plane implements Renderable {
  private static final Color DEEP = new Color(0x2a, 0x6f, 0xb0);

  private final double range;
  private final List<Consumer<PlotArea>> layers;
  private final String title;
  private final int size;

  private Plane(double range, List<Consumer<PlotArea>> layers, String title, int size) {
    this.range = range;
    this.layers = layers;
    this.title = title;
    this.size = size;
  }

  /** An empty square from {@code -range} to {@code range}, 256 pixels wide. */
  public static Plane upTo(double range) {
    return new Plane(range, List.of(), "", 256);
  }

  /** With a density: the darker, the denser. */
  public Plane with(Density density) {
    return layer(area -> draw(area, density));
  }

  /** With arrows. Lengths are to scale, but the longest tenth is drawn equally long. */
  public Plane with(VectorField field, Color color) {
    return layer(area -> draw(area, field, color));
  }

  /** With points. */
  public Plane with(Points points, Color color) {
    return layer(area -> draw(area, points, color));
  }

  /**
   * With the ways of the first few points through clouds of equal size, such as a {@link
   * ReverseProcess} gives; a dot is where each way ends.
   *
   * @param count how many ways
   */
  public Plane withPaths(List<Points> clouds, int count, Color color) {
    List<Points> copy = List.copyOf(clouds);
    return layer(area -> draw(area, copy, count, color));
  }

  private Plane layer(Consumer<PlotArea> next) {
    List<Consumer<PlotArea>> all = new ArrayList<>(layers);
    all.add(next);
    return new Plane(range, List.copyOf(all), title, size);
  }

  /** With a text above the square, in Chinese or English. */
  public Plane title(String newTitle) {
    return new Plane(range, layers, newTitle, size);
  }

  /** With another width of the square, in pixels. */
  public Plane size(int pixels) {
    return new Plane(range, layers, title, pixels);
  }

  @Override
  public BufferedImage render() {
    try (PlotArea area = new PlotArea(size, range, title)) {
      for (Consumer<PlotArea> layer : layers) {
        area.graphics().setClip(0, area.top(), area.size(), area.size());
        layer.accept(area);
        area.graphics().setClip(null);
      }
      return area.finish();
    }
  }

  private static void draw(PlotArea area, Density density) {
    int cells = density.cells();
    double darkest = density.darkest();
    BufferedImage map = new BufferedImage(cells, cells, BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < cells; row++) {
      for (int column = 0; column < cells; column++) {
        // The root lets thin places be seen beside dense ones.
        double depth = Math.sqrt(Math.min(1, density.at(column, row) / darkest));
        map.setRGB(column, cells - 1 - row, blend(depth).getRGB());
      }
    }
    Graphics2D g = area.graphics();
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    int left = (int) Math.round(area.column(-density.range()));
    int top = (int) Math.round(area.row(density.range()));
    int side = (int) Math.round(area.column(density.range())) - left;
    g.drawImage(map, left, top, side, side, null);
  }

  private static Color blend(double depth) {
    return new Color(
        (int) Math.round(255 + depth * (DEEP.getRed() - 255)),
        (int) Math.round(255 + depth * (DEEP.getGreen() - 255)),
        (int) Math.round(255 + depth * (DEEP.getBlue() - 255)));
  }

  private static void draw(PlotArea area, VectorField field, Color color) {
    int count = field.at().size();
    double[] lengths = IntStream.range(0, count).mapToDouble(field::length).sorted().toArray();
    double longest = Math.max(lengths[(int) (0.9 * (count - 1))], Double.MIN_NORMAL);
    Graphics2D g = area.graphics();
    g.setColor(color);
    g.setStroke(new BasicStroke(Math.max(1f, area.size() / 320f)));
    for (int i = 0; i < count; i++) {
      double length = field.length(i);
      if (length > 0 && Double.isFinite(length)) {
        double shown = 0.9 * field.spacing() * Math.min(1, length / longest);
        double x = field.at().x(i);
        double y = field.at().y(i);
        arrow(
            g,
            area.column(x),
            area.row(y),
            area.column(x + shown * field.arrows().x(i) / length),
            area.row(y + shown * field.arrows().y(i) / length));
      }
    }
  }

  private static void arrow(Graphics2D g, double fromX, double fromY, double toX, double toY) {
    double length = Math.hypot(toX - fromX, toY - fromY);
    double head = Math.min(4.5, 0.5 * length);
    double alongX = (toX - fromX) / length * head;
    double alongY = (toY - fromY) / length * head;
    Path2D path = new Path2D.Double();
    path.moveTo(fromX, fromY);
    path.lineTo(toX, toY);
    path.moveTo(toX - alongX - 0.5 * alongY, toY - alongY + 0.5 * alongX);
    path.lineTo(toX, toY);
    path.lineTo(toX - alongX + 0.5 * alongY, toY - alongY - 0.5 * alongX);
    g.draw(path);
  }

  private static void draw(PlotArea area, Points points, Color color) {
    area.graphics().setColor(color);
    double dot = Math.max(1, area.size() / 128.0);
    for (int i = 0; i < points.size(); i++) {
      dot(area, points, i, dot);
    }
  }

  private static void dot(PlotArea area, Points points, int index, double width) {
    int corner = (int) Math.round(width);
    area.graphics()
        .fillOval(
            (int) Math.round(area.column(points.x(index)) - width / 2),
            (int) Math.round(area.row(points.y(index)) - width / 2),
            corner,
            corner);
  }

  private static void draw(PlotArea area, List<Points> clouds, int count, Color color) {
    if (clouds.isEmpty()) {
      return;
    }
    Points last = clouds.get(clouds.size() - 1);
    int ways = Math.min(count, last.size());
    Graphics2D g = area.graphics();
    g.setColor(color);
    g.setStroke(new BasicStroke(Math.max(1f, area.size() / 320f)));
    g.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, 0.45f));
    for (int i = 0; i < ways; i++) {
      Path2D path = new Path2D.Double();
      path.moveTo(area.column(clouds.get(0).x(i)), area.row(clouds.get(0).y(i)));
      for (Points cloud : clouds.subList(1, clouds.size())) {
        path.lineTo(area.column(cloud.x(i)), area.row(cloud.y(i)));
      }
      g.draw(path);
    }
    g.setComposite(AlphaComposite.SrcOver);
    for (int i = 0; i < ways; i++) {
      dot(area, last, i, Math.max(5, area.size() / 48.0));
    }
  }

  @Override
  public String toString() {
    return title.isEmpty() ? "plane" : "plane: " + title;
  }
}
