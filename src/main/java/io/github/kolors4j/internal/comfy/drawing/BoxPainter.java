package io.github.kolors4j.internal.comfy.drawing;

import io.github.kolors4j.internal.comfy.drawing.BoxLayout.PlacedField;
import io.github.kolors4j.internal.comfy.drawing.Graph.Box;
import io.github.kolors4j.internal.comfy.drawing.Graph.Kind;
import io.github.kolors4j.internal.comfy.drawing.Graph.Mode;
import io.github.kolors4j.internal.comfy.drawing.Graph.Slot;
import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;

/** Draws a box as litegraph does. */
final class BoxPainter {
  private static final double ROUND = 12;
  private static final double DOT = 4;

  private final Graphics2D g;
  private final BoxLayout layout;
  private final Box box;
  private final Rectangle2D area;

  private BoxPainter(Graphics2D g, BoxLayout layout) {
    this.g = g;
    this.layout = layout;
    this.box = layout.box();
    this.area = layout.area();
  }

  static void paint(Graphics2D g, BoxLayout layout) {
    Graphics2D own = (Graphics2D) g.create();
    try {
      if (layout.box().mode() == Mode.MUTED) {
        own.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, 0.4f));
      }
      BoxPainter painter = new BoxPainter(own, layout);
      if (layout.box().kind() == Kind.REROUTE) {
        painter.reroute();
      } else {
        painter.box();
      }
    } finally {
      own.dispose();
    }
  }

  private void reroute() {
    g.setColor(Palette.BODY);
    Shape shape =
        new RoundRectangle2D.Double(
            area.getX(), area.getY(), area.getWidth(), area.getHeight(), ROUND, ROUND);
    g.fill(shape);
    g.setColor(Palette.OUTLINE);
    g.draw(shape);
    slots();
  }

  private void box() {
    Shape whole =
        new RoundRectangle2D.Double(
            area.getX(), area.getY(), area.getWidth(), area.getHeight(), ROUND, ROUND);
    g.setColor(bodyColour());
    g.fill(whole);
    Shape clip = g.getClip();
    g.clip(whole);
    g.setColor(box.titleColour() == null ? Palette.TITLE_BAR : box.titleColour());
    g.fill(new Rectangle2D.Double(area.getX(), area.getY(), area.getWidth(), BoxLayout.TITLE_BAR));
    g.setColor(new Color(0, 0, 0, 70));
    g.fill(
        new Rectangle2D.Double(
            area.getX(), area.getY() + BoxLayout.TITLE_BAR - 1, area.getWidth(), 1));
    g.setClip(clip);
    boolean unknown = box.kind() == Kind.UNKNOWN;
    g.setColor(unknown ? Palette.ERROR : Palette.OUTLINE);
    g.setStroke(new BasicStroke(unknown ? 2 : 1));
    g.draw(whole);
    if (box.kind() == Kind.SUBGRAPH) {
      g.setColor(Palette.FIELD_OUTLINE);
      g.setStroke(new BasicStroke(1));
      g.draw(
          new RoundRectangle2D.Double(
              area.getX() - 3,
              area.getY() - 3,
              area.getWidth() + 6,
              area.getHeight() + 6,
              ROUND + 4,
              ROUND + 4));
    }
    g.setStroke(new BasicStroke(1));
    title();
    layout.fields().forEach(this::field);
    slots();
  }

  private Color bodyColour() {
    if (box.mode() == Mode.BYPASSED) {
      return Palette.BYPASSED_BODY;
    }
    return box.bodyColour() == null ? Palette.BODY : box.bodyColour();
  }

  private void title() {
    double middle = area.getY() + BoxLayout.TITLE_BAR / 2;
    g.setColor(Palette.TITLE_DOT);
    g.fill(new Ellipse2D.Double(area.getX() + 9, middle - 4.5, 9, 9));
    String id = "#" + box.id();
    String mark = BoxLayout.mark(box);
    double right = area.getMaxX() - BoxLayout.PADDING - BoxLayout.SMALL_FONT.width(id);
    text(BoxLayout.SMALL_FONT, id, right, middle, Palette.DIM_TEXT);
    double left = area.getX() + BoxLayout.TITLE_INSET;
    right -= BoxLayout.SMALL_FONT.width(mark);
    Color colour = box.kind() == Kind.UNKNOWN ? new Color(0xff7777) : Palette.FIELD_TEXT;
    text(BoxLayout.SMALL_FONT, mark, right, middle, colour);
    String shown = BoxLayout.TITLE_FONT.cut(box.title(), Math.max(10, right - left - 4));
    text(BoxLayout.TITLE_FONT, shown, left, middle, Palette.TITLE_TEXT);
  }

  private void field(PlacedField placed) {
    Graph.Field field = placed.field();
    double x = area.getX() + BoxLayout.PADDING;
    double width = area.getWidth() - 2 * BoxLayout.PADDING;
    boolean text = field.multiline() || box.kind() == Kind.NOTE;
    double corner = text ? 2 : BoxLayout.FIELD;
    Shape shape =
        new RoundRectangle2D.Double(x, placed.y(), width, placed.height(), corner, corner);
    g.setColor(Palette.FIELD);
    g.fill(shape);
    Color value = field.linked() ? Palette.FIELD_OUTLINE : Palette.FIELD_TEXT;
    if (text) {
      text(placed, x + 6, value);
      return;
    }
    g.setColor(Palette.FIELD_OUTLINE);
    g.draw(shape);
    double middle = placed.y() + BoxLayout.FIELD / 2;
    double nameWidth = width - 24;
    if (placed.beside()) {
      double valueWidth = BoxLayout.FONT.width(field.value());
      text(BoxLayout.FONT, field.value(), x + width - 10 - valueWidth, middle, value);
      nameWidth -= valueWidth;
    } else {
      double y = middle + BoxLayout.LINE;
      for (String line : placed.lines()) {
        double lineWidth = BoxLayout.FONT.width(line);
        text(BoxLayout.FONT, line, x + width - 10 - lineWidth, y, value);
        y += BoxLayout.LINE;
      }
    }
    String name = BoxLayout.FONT.cut(field.name(), nameWidth);
    text(BoxLayout.FONT, name, x + 12, middle, Palette.DIM_TEXT);
  }

  private void text(PlacedField placed, double x, Color colour) {
    double y = placed.y() + 4 + BoxLayout.LINE / 2;
    if (!placed.field().name().isEmpty()) {
      text(BoxLayout.SMALL_FONT, placed.field().name(), x, y, Palette.DIM_TEXT);
      y += BoxLayout.LINE;
    }
    for (String line : placed.lines()) {
      text(BoxLayout.FONT, line, x, y, colour);
      y += BoxLayout.LINE;
    }
  }

  private void slots() {
    boolean labels = !box.collapsed() && box.kind() != Kind.REROUTE;
    for (int i = 0; i < box.inputs().size(); i++) {
      Slot slot = box.inputs().get(i);
      if (!slot.hasRow() && !slot.linked()) {
        continue;
      }
      Point2D at = layout.input(i);
      dot(slot, at);
      if (labels && slot.hasRow()) {
        text(BoxLayout.FONT, slot.label(), at.getX() + 10, at.getY(), Palette.SLOT_TEXT);
      }
    }
    for (int i = 0; i < box.outputs().size(); i++) {
      Slot slot = box.outputs().get(i);
      Point2D at = layout.output(i);
      dot(slot, at);
      if (labels) {
        double width = BoxLayout.FONT.width(slot.label());
        text(BoxLayout.FONT, slot.label(), at.getX() - 10 - width, at.getY(), Palette.SLOT_TEXT);
      }
    }
  }

  private void dot(Slot slot, Point2D at) {
    g.setColor(Palette.slot(slot.type(), slot.linked()));
    g.fill(new Ellipse2D.Double(at.getX() - DOT, at.getY() - DOT, 2 * DOT, 2 * DOT));
    if (slot.optional() && !slot.linked()) {
      g.setColor(bodyColour());
      g.fill(new Ellipse2D.Double(at.getX() - 1.5, at.getY() - 1.5, 3, 3));
    }
  }

  /** Writes a line whose capitals are centred on a height. */
  private void text(Lines font, String line, double x, double middle, Color colour) {
    g.setFont(font.font());
    g.setColor(colour);
    g.drawString(line, (float) x, (float) (middle + font.font().getSize2D() * 0.36));
  }
}
