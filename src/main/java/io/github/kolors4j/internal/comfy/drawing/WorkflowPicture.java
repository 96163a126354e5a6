package io.github.kolors4j.internal.comfy.drawing;

import com.google.gson.JsonObject;
import io.github.kolors4j.internal.comfy.Declarations;
import io.github.kolors4j.internal.comfy.WorkflowFile;
import io.github.kolors4j.internal.comfy.drawing.Graph.Box;
import io.github.kolors4j.internal.comfy.drawing.Graph.Frame;
import io.github.kolors4j.internal.comfy.drawing.Graph.Point;
import io.github.kolors4j.internal.comfy.drawing.Graph.Wire;
import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Draws a workflow: nodes at their saved places, as wide as a notebook, with text of 11 pixels and
 * more. What would be too small for its text is drawn larger, and the empty places smaller.
 */
public final class WorkflowPicture {
  /** The width of a cell in JupyterLab with its side bar on a screen of 1,400 pixels. */
  public static final int NOTEBOOK = 950;

  private static final double MARGIN = 16;
  private static final double GROUP_TITLE = 22;
  private static final double WIRE_GAP = 26;
  private static final double TALLEST = 6000;
  private static final double COMFORTABLE = 230;
  private static final double NARROW = 150;
  private static final double NARROWER = 16;

  /** Downwards there is always room, and wires are to be seen between boxes. */
  private static final double FLATTEST = 0.6;

  private static final double SMALLEST_SCALE = 0.01;
  private static final double MOST_PIXELS = 4e7;

  private final Graph graph;
  private Axis across = new Axis();
  private final Axis down = new Axis();
  private final Map<Box, BoxLayout> layouts = new LinkedHashMap<>();

  private WorkflowPicture(Graph graph) {
    this.graph = graph;
  }

  /**
   * Draws a workflow.
   *
   * @param json a workflow as the page saves it, or a prompt
   * @param declarations tell the names of fields, and which nodes there are
   * @param width in pixels, kept to where the texts allow it
   */
  public static BufferedImage draw(JsonObject json, Declarations declarations, int width) {
    JsonObject workflow =
        WorkflowFile.isWorkflow(json) ? json : PromptArrangement.toWorkflow(json, declarations);
    WorkflowPicture picture = new WorkflowPicture(GraphReader.read(workflow, declarations));
    picture.arrange(width - 2 * MARGIN);
    return picture.draw();
  }

  /** Where everything lies in a drawing. */
  static Map<Box, BoxLayout> layouts(Graph graph, int width) {
    WorkflowPicture picture = new WorkflowPicture(graph);
    picture.arrange(width - 2 * MARGIN);
    return picture.layouts;
  }

  /** Places all boxes in the width that there is: in comfort if possible, else narrower. */
  private double fitAcross(double width) {
    double comfortable = COMFORTABLE;
    double scale = fitAcross(width, comfortable);
    while (across.length() > width && comfortable > NARROW) {
      comfortable -= NARROWER;
      scale = fitAcross(width, comfortable);
    }
    return scale;
  }

  private double fitAcross(double width, double comfortable) {
    across = new Axis();
    for (Box box : graph.boxes()) {
      across.require(box.x(), box.right(), BoxLayout.width(box, comfortable));
    }
    for (Wire wire : graph.wires()) {
      across.require(wire.from().right(), wire.to().x(), WIRE_GAP);
    }
    for (Frame frame : graph.frames()) {
      double title = BoxLayout.TITLE_FONT.width(frame.title()) + 16;
      across.require(frame.x(), frame.x() + frame.width(), Math.min(title, comfortable));
    }
    graph.points().forEach(point -> across.require(point.x(), point.x(), 0));
    return across.fit(width, SMALLEST_SCALE, 1);
  }

  private void arrange(double width) {
    double scale = Math.max(FLATTEST, fitAcross(width));
    for (Frame frame : graph.frames()) {
      down.require(frame.y(), frame.y() + frame.height(), GROUP_TITLE);
    }
    graph.points().forEach(point -> down.require(point.y(), point.y(), 0));
    for (Box box : graph.boxes()) {
      double pixels = across.at(box.right()) - across.at(box.x());
      down.require(box.top(), box.bottom(), BoxLayout.height(box, pixels));
      for (Frame frame : graph.frames()) {
        boolean within = box.x() < frame.x() + frame.width() && box.right() > frame.x();
        if (within && box.top() > frame.y() && box.top() < frame.y() + frame.height()) {
          down.require(frame.y(), box.top(), GROUP_TITLE + 6);
        }
      }
    }
    down.fit(TALLEST, SMALLEST_SCALE, scale);
    for (Box box : graph.boxes()) {
      double x = MARGIN + across.at(box.x());
      double y = MARGIN + down.at(box.top());
      double right = MARGIN + across.at(box.right());
      double bottom = MARGIN + down.at(box.bottom());
      layouts.put(box, BoxLayout.of(box, new Rectangle2D.Double(x, y, right - x, bottom - y)));
    }
  }

  private BufferedImage draw() {
    double width = Math.max(200, across.length() + 2 * MARGIN);
    double height = Math.max(40, down.length() + 2 * MARGIN);
    double shrunk = Math.min(1, Math.sqrt(MOST_PIXELS / (width * height)));
    BufferedImage picture =
        new BufferedImage(
            Math.max(1, (int) Math.ceil(width * shrunk)),
            Math.max(1, (int) Math.ceil(height * shrunk)),
            BufferedImage.TYPE_INT_RGB);
    Graphics2D g = picture.createGraphics();
    try {
      g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      g.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      g.setRenderingHint(
          RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
      g.setColor(Palette.BACKGROUND);
      g.fillRect(0, 0, picture.getWidth(), picture.getHeight());
      g.scale(shrunk, shrunk);
      graph.frames().forEach(frame -> frame(g, frame));
      graph.wires().forEach(wire -> wire(g, wire, false));
      layouts.values().forEach(layout -> BoxPainter.paint(g, layout));
      // Where a wire runs behind a box, it shines through.
      g.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, 0.3f));
      graph.wires().forEach(wire -> wire(g, wire, true));
    } finally {
      g.dispose();
    }
    return picture;
  }

  private void frame(Graphics2D g, Frame frame) {
    double x = MARGIN + across.at(frame.x());
    double y = MARGIN + down.at(frame.y());
    double width = MARGIN + across.at(frame.x() + frame.width()) - x;
    double height = MARGIN + down.at(frame.y() + frame.height()) - y;
    Color colour = frame.colour();
    Rectangle2D area = new Rectangle2D.Double(x, y, width, height);
    g.setColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 64));
    g.fill(area);
    g.fill(new Rectangle2D.Double(x, y, width, GROUP_TITLE));
    g.setColor(colour);
    g.draw(area);
    g.setFont(BoxLayout.TITLE_FONT.font());
    g.setColor(Palette.FIELD_TEXT);
    String title = BoxLayout.TITLE_FONT.cut(frame.title(), width - 12);
    g.drawString(title, (float) x + 8, (float) y + 16);
  }

  private void wire(Graphics2D g, Wire wire, boolean shining) {
    List<Point2D> stations = new ArrayList<>();
    stations.add(layout(wire.from()).output(wire.output()));
    for (Point point : wire.via()) {
      stations.add(new Point2D.Double(MARGIN + across.at(point.x()), MARGIN + down.at(point.y())));
    }
    stations.add(layout(wire.to()).input(wire.input()));
    Path2D path = new Path2D.Double();
    Point2D before = stations.get(0);
    path.moveTo(before.getX(), before.getY());
    for (Point2D next : stations.subList(1, stations.size())) {
      double pull = before.distance(next) / 4;
      path.curveTo(
          before.getX() + pull,
          before.getY(),
          next.getX() - pull,
          next.getY(),
          next.getX(),
          next.getY());
      before = next;
    }
    Color colour = Palette.wire(wire.type());
    if (!shining) {
      g.setColor(new Color(0, 0, 0, 128));
      g.setStroke(new BasicStroke(5));
      g.draw(path);
    }
    g.setColor(colour);
    g.setStroke(new BasicStroke(2.5f));
    g.draw(path);
    g.setStroke(new BasicStroke(1));
    for (Point2D point : stations.subList(1, stations.size() - 1)) {
      g.fill(new Ellipse2D.Double(point.getX() - 5, point.getY() - 5, 10, 10));
    }
  }

  private BoxLayout layout(Box box) {
    BoxLayout layout = layouts.get(box);
    if (layout == null) {
      throw new IllegalStateException("A wire ends at a box that is not drawn: " + box.id());
    }
    return layout;
  }
}
