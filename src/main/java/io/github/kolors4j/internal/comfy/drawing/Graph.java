package io.github.kolors4j.internal.comfy.drawing;

import java.awt.Color;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is to draw of a workflow, in the units of its file: a title bar is 30 high and lies
 * above the box that it belongs to.
 *
 * @param boxes in the order of the file, which is the order of drawing
 * @param wires between boxes
 * @param frames groups, behind all else
 * @param points through which wires are led
 */
record Graph(List<Box> boxes, List<Wire> wires, List<Frame> frames, List<Point> points) {
  static final double TITLE = 30;

  /** Whether a box is run. */
  enum Mode {
    NORMAL,
    MUTED,
    BYPASSED
  }

  /** What kind of box it is. */
  enum Kind {
    NODE,
    NOTE,
    REROUTE,
    SUBGRAPH,
    UNKNOWN
  }

  /**
   * A node.
   *
   * @param inputs all of them, those that belong to a field, too
   */
  record Box(
      String id,
      String title,
      Kind kind,
      Mode mode,
      double x,
      double y,
      double width,
      double height,
      @Nullable Color titleColour,
      @Nullable Color bodyColour,
      boolean collapsed,
      List<Slot> inputs,
      List<Slot> outputs,
      List<Field> fields) {

    double top() {
      return kind == Kind.REROUTE ? y : y - TITLE;
    }

    double right() {
      return x + width;
    }

    double bottom() {
      return collapsed ? y : y + height;
    }
  }

  /**
   * Where a wire ends.
   *
   * @param field the name of the field that it belongs to, or null
   * @param optional drawn hollow
   */
  record Slot(String label, String type, @Nullable String field, boolean linked, boolean optional) {

    /** Whether it has a line of its own above the fields. */
    boolean hasRow() {
      return field == null;
    }
  }

  /**
   * What ComfyUI calls a widget.
   *
   * @param name empty if it is not known
   * @param multiline whether it is a field of text
   * @param linked whether a wire gives the value, so that the written one does not count
   */
  record Field(String name, String value, boolean multiline, boolean linked) {}

  /**
   * A wire from an output to an input.
   *
   * @param via points that it is led through, from the output on
   */
  record Wire(Box from, int output, Box to, int input, String type, List<Point> via) {}

  /** A group. */
  record Frame(String title, double x, double y, double width, double height, Color colour) {}

  /** A place. */
  record Point(double x, double y) {}
}
