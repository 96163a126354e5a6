package io.github.kolors4j.internal.comfy.drawing;

import io.github.kolors4j.internal.comfy.drawing.Graph.Box;
import io.github.kolors4j.internal.comfy.drawing.Graph.Field;
import io.github.kolors4j.internal.comfy.drawing.Graph.Kind;
import io.github.kolors4j.internal.comfy.drawing.Graph.Mode;
import io.github.kolors4j.internal.comfy.drawing.Graph.Slot;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/**
 * Where in a box its parts are, in pixels: the title bar, a line for each input and output, and
 * under these the fields.
 *
 * @param area of the box with its title bar
 * @param fields from top to bottom
 */
record BoxLayout(Box box, Rectangle2D area, List<PlacedField> fields) {
  static final Lines TITLE_FONT = Lines.at(13);
  static final Lines FONT = Lines.at(12);
  static final Lines SMALL_FONT = Lines.at(11);

  static final double TITLE_BAR = 26;
  static final double ROW = 19;
  static final double LINE = 15;
  static final double FIELD = 20;
  static final double PADDING = 8;

  /** Of a slot's dot from the box's edge, as in litegraph. */
  static final double SLOT_INSET = 9;

  /** Left of the title stands a dot. */
  static final double TITLE_INSET = 24;

  private static final double GAP = 4;
  private static final double REROUTE = 20;
  private static final int VALUE_LINES = 4;
  private static final int TEXT_LINES = 14;

  /**
   * A field.
   *
   * @param lines of the value; of a field of text, all in it
   * @param beside whether name and value stand on one line
   */
  record PlacedField(Field field, double y, double height, List<String> lines, boolean beside) {}

  /**
   * The pixels that a box needs in width.
   *
   * @param comfortable wider than that it need not be for its texts, which are then broken into
   *     lines
   */
  static double width(Box box, double comfortable) {
    if (box.kind() == Kind.REROUTE) {
      return 30;
    }
    double widest = Math.min(comfortable + SMALL_FONT.width(mark(box)), titleWidth(box));
    if (box.collapsed()) {
      return widest;
    }
    widest = Math.max(widest, Math.min(comfortable, slotsWidth(box)));
    for (Field field : box.fields()) {
      double needed =
          field.multiline() || field.name().isEmpty() && box.kind() == Kind.NOTE
              ? comfortable * 0.85
              : Math.min(comfortable, besideWidth(field) + 2 * PADDING);
      widest = Math.max(widest, needed);
    }
    return Math.ceil(widest);
  }

  /** With inputs and outputs beside each other. */
  private static double slotsWidth(Box box) {
    List<Slot> inputs = rows(box.inputs());
    double widest = 0;
    for (int i = 0; i < Math.max(inputs.size(), box.outputs().size()); i++) {
      double labels = i < inputs.size() ? FONT.width(inputs.get(i).label()) : 0;
      labels += i < box.outputs().size() ? FONT.width(box.outputs().get(i).label()) : 0;
      widest = Math.max(widest, labels + 4 * SLOT_INSET + 16);
    }
    return widest;
  }

  private static double titleWidth(Box box) {
    double marks = SMALL_FONT.width("#" + box.id()) + SMALL_FONT.width(mark(box));
    return TITLE_INSET + TITLE_FONT.width(box.title()) + marks + 2 * PADDING + 6;
  }

  /** What else the title bar says of a box. */
  static String mark(Box box) {
    if (box.kind() == Kind.UNKNOWN) {
      return "未知 unknown ";
    }
    if (box.mode() == Mode.NORMAL) {
      return box.kind() == Kind.SUBGRAPH ? "子图 subgraph " : "";
    }
    return box.mode() == Mode.MUTED ? "静音 muted " : "绕过 bypassed ";
  }

  private static double besideWidth(Field field) {
    return FONT.width(field.name()) + FONT.width(field.value()) + 30;
  }

  /** The pixels that a box of this width needs in height. */
  static double height(Box box, double width) {
    if (box.kind() == Kind.REROUTE) {
      return REROUTE;
    }
    if (box.collapsed()) {
      return TITLE_BAR;
    }
    double height = fieldsTop(box, width);
    for (PlacedField field : place(box, 0, width, 0)) {
      height += field.height() + GAP;
    }
    return height + PADDING - GAP;
  }

  private static double fieldsTop(Box box, double width) {
    int inputs = rows(box.inputs()).size();
    int outputs = box.outputs().size();
    int rows = firstOutput(box, width) + outputs;
    return TITLE_BAR + PADDING / 2 + Math.max(inputs, rows) * ROW + GAP;
  }

  /** In which row the outputs begin: under the inputs where they do not fit beside them. */
  private static int firstOutput(Box box, double width) {
    return slotsWidth(box) <= width ? 0 : rows(box.inputs()).size();
  }

  /** Lays a box out in its area. */
  static BoxLayout of(Box box, Rectangle2D area) {
    if (box.kind() == Kind.REROUTE) {
      double width = Math.min(area.getWidth(), 2 * REROUTE);
      Rectangle2D small =
          new Rectangle2D.Double(
              area.getCenterX() - width / 2, area.getCenterY() - REROUTE / 2, width, REROUTE);
      return new BoxLayout(box, small, List.of());
    }
    if (box.collapsed()) {
      return new BoxLayout(box, area, List.of());
    }
    double top = area.getY() + fieldsTop(box, area.getWidth());
    double spare = area.getHeight() - height(box, area.getWidth());
    long texts = box.fields().stream().filter(field -> isText(box, field)).count();
    double each = texts == 0 ? 0 : Math.max(0, spare / texts);
    return new BoxLayout(box, area, place(box, top, area.getWidth(), each));
  }

  private static List<PlacedField> place(Box box, double top, double width, double spare) {
    List<PlacedField> placed = new ArrayList<>();
    double y = top;
    for (Field field : box.fields()) {
      PlacedField next =
          isText(box, field) ? text(field, y, width, spare) : line(field, y, width - 2 * PADDING);
      placed.add(next);
      y += next.height() + GAP;
    }
    return placed;
  }

  private static boolean isText(Box box, Field field) {
    return field.multiline() || box.kind() == Kind.NOTE;
  }

  private static PlacedField line(Field field, double y, double width) {
    if (besideWidth(field) <= width) {
      return new PlacedField(field, y, FIELD, List.of(field.value()), true);
    }
    List<String> lines = FONT.wrap(field.value(), width - 24, VALUE_LINES);
    return new PlacedField(field, y, FIELD + lines.size() * LINE, lines, false);
  }

  private static PlacedField text(Field field, double y, double width, double spare) {
    double name = field.name().isEmpty() ? 0 : LINE;
    int most = TEXT_LINES + (int) (spare / LINE);
    List<String> lines = FONT.wrap(field.value(), width - 2 * PADDING - 12, most);
    double needed = name + 8 + Math.min(TEXT_LINES, lines.size()) * LINE;
    return new PlacedField(field, y, needed + spare, lines, false);
  }

  static List<Slot> rows(List<Slot> slots) {
    return slots.stream().filter(Slot::hasRow).toList();
  }

  /** Where a wire arrives. */
  Point2D input(int index) {
    Slot slot = box.inputs().get(index);
    double x = area.getX() + SLOT_INSET;
    if (box.collapsed() || box.kind() == Kind.REROUTE) {
      return new Point2D.Double(area.getX(), area.getCenterY());
    }
    if (slot.hasRow()) {
      return new Point2D.Double(x, row(rows(box.inputs().subList(0, index)).size()));
    }
    return fields.stream()
        .filter(placed -> placed.field().name().equals(slot.field()))
        .findFirst()
        .map(placed -> new Point2D.Double(x, placed.y() + FIELD / 2))
        .orElseGet(() -> new Point2D.Double(area.getX(), area.getY() + TITLE_BAR / 2));
  }

  /** Where a wire begins. */
  Point2D output(int index) {
    if (box.collapsed() || box.kind() == Kind.REROUTE) {
      return new Point2D.Double(area.getMaxX(), area.getCenterY());
    }
    return new Point2D.Double(
        area.getMaxX() - SLOT_INSET, row(firstOutput(box, area.getWidth()) + index));
  }

  private double row(int index) {
    return area.getY() + TITLE_BAR + PADDING / 2 + (index + 0.5) * ROW;
  }
}
