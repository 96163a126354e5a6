package io.github.kolors4j.internal.comfy.drawing;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.internal.comfy.Declarations;
import io.github.kolors4j.internal.comfy.drawing.Graph.Box;
import io.github.kolors4j.internal.comfy.drawing.Graph.Frame;
import io.github.kolors4j.internal.comfy.drawing.Graph.Kind;
import io.github.kolors4j.internal.comfy.drawing.Graph.Mode;
import io.github.kolors4j.internal.comfy.drawing.Graph.Point;
import io.github.kolors4j.internal.comfy.drawing.Graph.Slot;
import io.github.kolors4j.internal.comfy.drawing.Graph.Wire;
import io.github.kolors4j.internal.image.ChineseFont;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads from a workflow what there is to draw. */
final class GraphReader {
  private static final int OPTIONAL_SHAPE = 7; // litegraph's hollow circle
  private static final Set<String> OF_THE_PAGE =
      Set.of("Note", "MarkdownNote", "Reroute", "PrimitiveNode");

  private final JsonObject workflow;
  private final Declarations declarations;
  private final Map<String, JsonObject> subgraphs = new LinkedHashMap<>();
  private final Map<String, Box> boxes = new LinkedHashMap<>();

  private GraphReader(JsonObject workflow, Declarations declarations) {
    this.workflow = workflow;
    this.declarations = declarations;
  }

  /**
   * Reads a workflow.
   *
   * @param declarations tell the names of fields, and which nodes there are
   */
  static Graph read(JsonObject workflow, Declarations declarations) {
    return new GraphReader(workflow, declarations).read();
  }

  private Graph read() {
    Tree.objects(workflow.get("definitions"), "subgraphs")
        .forEach(subgraph -> subgraphs.put(Tree.text(subgraph, "id"), subgraph));
    Tree.objects(workflow, "nodes").map(this::box).forEach(box -> boxes.put(box.id(), box));
    List<Frame> frames = Tree.objects(workflow, "groups").map(GraphReader::frame).toList();
    Map<String, JsonObject> points = points();
    return new Graph(
        List.copyOf(boxes.values()),
        Tree.list(workflow, "links").stream()
            .map(link -> wire(link, points))
            .filter(Objects::nonNull)
            .toList(),
        frames,
        points.values().stream().map(point -> place(point.get("pos"))).toList());
  }

  private Box box(JsonObject node) {
    String type = Tree.text(node, "type");
    JsonObject subgraph = subgraphs.get(type);
    JsonObject declaration = declarations.declaration(type);
    Kind kind = kind(type, subgraph != null, declaration != null);
    List<Slot> inputs = Tree.objects(node, "inputs").map(GraphReader::input).toList();
    Set<String> linked =
        inputs.stream()
            .filter(Slot::linked)
            .map(Slot::field)
            .filter(Objects::nonNull)
            .collect(Collectors.toSet());
    JsonElement size = node.get("size");
    JsonElement place = node.get("pos");
    return new Box(
        Tree.text(node, "id"),
        ChineseFont.writable(title(node, type, subgraph, declaration)),
        kind,
        mode(node),
        Tree.coordinate(place, 0, 0),
        Tree.coordinate(place, 1, 0),
        Math.max(1, Tree.coordinate(size, 0, 210)),
        Math.max(1, Tree.coordinate(size, 1, 60)),
        Palette.parse(Tree.text(node, "color")),
        Palette.parse(Tree.text(node, "bgcolor")),
        Tree.isTrue(Tree.get(node.get("flags"), "collapsed")),
        inputs,
        Tree.objects(node, "outputs").map(GraphReader::output).toList(),
        kind == Kind.REROUTE ? List.of() : FieldReader.read(node, declaration, linked));
  }

  private static Kind kind(String type, boolean subgraph, boolean declared) {
    if (type.equals("Reroute")) {
      return Kind.REROUTE;
    }
    if (type.endsWith("Note") && OF_THE_PAGE.contains(type)) {
      return Kind.NOTE;
    }
    if (subgraph) {
      return Kind.SUBGRAPH;
    }
    return declared || OF_THE_PAGE.contains(type) ? Kind.NODE : Kind.UNKNOWN;
  }

  private static String title(
      JsonObject node,
      String type,
      @Nullable JsonObject subgraph,
      @Nullable JsonObject declaration) {
    String title = Tree.text(node, "title");
    if (!title.isEmpty()) {
      return title;
    }
    String name =
        subgraph != null ? Tree.text(subgraph, "name") : Tree.text(declaration, "display_name");
    return !name.isEmpty() ? name : type.equals("PrimitiveNode") ? "Primitive" : type;
  }

  private static Mode mode(JsonObject node) {
    return switch ((int) Tree.number(node.get("mode"), 0)) {
      case 2 -> Mode.MUTED;
      case 4 -> Mode.BYPASSED;
      default -> Mode.NORMAL;
    };
  }

  private static Slot input(JsonObject slot) {
    String field = Tree.text(slot.get("widget"), "name");
    return slot(slot, field.isEmpty() ? null : field, !Tree.text(slot, "link").isEmpty());
  }

  private static Slot output(JsonObject slot) {
    return slot(slot, null, !Tree.list(slot, "links").isEmpty());
  }

  private static Slot slot(JsonObject slot, @Nullable String field, boolean linked) {
    String label = Tree.text(slot, "label");
    return new Slot(
        ChineseFont.writable(label.isEmpty() ? Tree.text(slot, "name") : label),
        Tree.text(slot, "type"),
        field,
        linked,
        Tree.number(slot.get("shape"), 0) == OPTIONAL_SHAPE);
  }

  private static Frame frame(JsonObject group) {
    JsonElement bounds = group.get("bounding");
    Color colour = Palette.parse(Tree.text(group, "color"));
    return new Frame(
        ChineseFont.writable(Tree.text(group, "title")),
        Tree.coordinate(bounds, 0, 0),
        Tree.coordinate(bounds, 1, 0),
        Math.max(1, Tree.coordinate(bounds, 2, 140)),
        Math.max(1, Tree.coordinate(bounds, 3, 80)),
        colour == null ? Palette.GROUP : colour);
  }

  /** Points of wires, by id: they stand in version 1's file, or among version 0.4's extras. */
  private Map<String, JsonObject> points() {
    JsonElement holder =
        workflow.get("reroutes") instanceof JsonArray ? workflow : workflow.get("extra");
    Map<String, JsonObject> points = new LinkedHashMap<>();
    Tree.objects(holder, "reroutes").forEach(point -> points.put(Tree.text(point, "id"), point));
    return points;
  }

  /** A wire; null if one of its ends is not there. */
  private @Nullable Wire wire(JsonElement link, Map<String, JsonObject> points) {
    Box from = boxes.get(Tree.text(part(link, 1, "origin_id")));
    Box to = boxes.get(Tree.text(part(link, 3, "target_id")));
    int output = (int) Tree.number(part(link, 2, "origin_slot"), -1);
    int input = (int) Tree.number(part(link, 4, "target_slot"), -1);
    if (from == null || to == null) {
      return null;
    }
    boolean whole =
        output >= 0 && output < from.outputs().size() && input >= 0 && input < to.inputs().size();
    return whole
        ? new Wire(from, output, to, input, Tree.text(part(link, 5, "type")), via(link, points))
        : null;
  }

  private static @Nullable JsonElement part(JsonElement link, int index, String name) {
    if (link instanceof JsonArray list) {
      return index < list.size() ? list.get(index) : null;
    }
    return Tree.get(link, name);
  }

  private List<Point> via(JsonElement link, Map<String, JsonObject> points) {
    String next = Tree.text(part(link, 6, "parentId"));
    if (next.isEmpty()) {
      String id = Tree.text(part(link, 0, "id"));
      next =
          Tree.objects(workflow.get("extra"), "linkExtensions")
              .filter(extension -> Tree.text(extension, "id").equals(id))
              .map(extension -> Tree.text(extension, "parentId"))
              .findFirst()
              .orElse("");
    }
    List<Point> via = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    while (points.containsKey(next) && seen.add(next)) {
      JsonObject point = points.get(next);
      via.add(place(point.get("pos")));
      next = Tree.text(point, "parentId");
    }
    Collections.reverse(via);
    return via;
  }

  private static Point place(@Nullable JsonElement pair) {
    return new Point(Tree.coordinate(pair, 0, 0), Tree.coordinate(pair, 1, 0));
  }
}
