package io.github.kolors4j.internal.comfy.drawing;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.comfy.Declarations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A prompt has no places: its nodes are put into columns, each behind those that it takes something
 * from.
 */
final class PromptArrangement {
  private static final int COLUMN = 380;
  private static final int WIDTH = 300;
  private static final int GAP = 60;
  private static final int ROW = 24;
  private static final int TEXT = 100;

  private final JsonObject prompt;
  private final Declarations declarations;
  private final Map<String, Integer> columns = new LinkedHashMap<>();
  private final Map<String, JsonObject> nodes = new LinkedHashMap<>();
  private final JsonArray links = new JsonArray();

  private PromptArrangement(JsonObject prompt, Declarations declarations) {
    this.prompt = prompt;
    this.declarations = declarations;
  }

  /** A workflow that draws a prompt. */
  static JsonObject toWorkflow(JsonObject prompt, Declarations declarations) {
    return new PromptArrangement(prompt, declarations).workflow();
  }

  private JsonObject workflow() {
    Map<Integer, Double> bottoms = new HashMap<>();
    for (String id : prompt.keySet()) {
      int column = column(id, new HashSet<>());
      JsonObject node = node(id);
      double y = bottoms.getOrDefault(column, 0.0);
      double height = height(node);
      node.add("pos", pair(column * COLUMN, y));
      node.add("size", pair(WIDTH, height));
      bottoms.put(column, y + height + Graph.TITLE + GAP);
      nodes.put(id, node);
    }
    prompt.keySet().forEach(this::link);
    JsonArray list = new JsonArray();
    nodes.values().forEach(list::add);
    JsonObject workflow = new JsonObject();
    workflow.add("nodes", list);
    workflow.add("links", links);
    return workflow;
  }

  /** One behind the last of its sources; a source that leads back to the node does not count. */
  private int column(String id, Set<String> above) {
    Integer known = columns.get(id);
    if (known != null || !above.add(id)) {
      return known == null ? 0 : known;
    }
    int column = 0;
    for (JsonElement value : inputs(id).asMap().values()) {
      String source = source(value);
      if (prompt.has(source)) {
        column = Math.max(column, column(source, above) + 1);
      }
    }
    above.remove(id);
    columns.put(id, column);
    return column;
  }

  private JsonObject inputs(String id) {
    return Tree.get(prompt.get(id), "inputs") instanceof JsonObject inputs
        ? inputs
        : new JsonObject();
  }

  /** The id of the node that a value comes from; empty if it comes from none. */
  private static String source(JsonElement value) {
    boolean link =
        value instanceof JsonArray pair
            && pair.size() == 2
            && pair.get(0) instanceof JsonPrimitive id
            && id.isString();
    return link ? Tree.text(value.getAsJsonArray().get(0)) : "";
  }

  private JsonObject node(String id) {
    String type = Tree.text(prompt.get(id), "class_type");
    JsonArray inputs = new JsonArray();
    JsonObject fields = new JsonObject();
    for (Map.Entry<String, JsonElement> input : inputs(id).entrySet()) {
      if (source(input.getValue()).isEmpty()) {
        fields.add(input.getKey(), input.getValue());
      } else {
        inputs.add(slot(input.getKey(), ""));
      }
    }
    JsonObject declaration = declarations.declaration(type);
    List<JsonElement> types = Tree.list(declaration, "output");
    List<JsonElement> names = Tree.list(declaration, "output_name");
    JsonArray outputs = new JsonArray();
    for (int i = 0; i < types.size(); i++) {
      String name = i < names.size() ? Tree.text(names.get(i)) : Tree.text(types.get(i));
      outputs.add(slot(name, Tree.text(types.get(i))));
    }
    JsonObject node = new JsonObject();
    node.addProperty("id", id);
    node.addProperty("type", type);
    String title = Tree.text(Tree.get(prompt.get(id), "_meta"), "title");
    if (!title.isEmpty()) {
      node.addProperty("title", title);
    }
    node.add("inputs", inputs);
    node.add("outputs", outputs);
    node.add("widgets_values", fields);
    return node;
  }

  private static JsonObject slot(String name, String type) {
    JsonObject slot = new JsonObject();
    slot.addProperty("name", name);
    slot.addProperty("type", type);
    return slot;
  }

  private static double height(JsonObject node) {
    int rows =
        Math.max(Tree.list(node, "inputs").size(), Tree.list(node, "outputs").size())
            + node.getAsJsonObject("widgets_values").size();
    boolean text = Tree.text(node, "type").contains("Text");
    return rows * ROW + 10.0 + (text ? TEXT : 0);
  }

  private static JsonArray pair(double first, double second) {
    JsonArray pair = new JsonArray();
    pair.add(first);
    pair.add(second);
    return pair;
  }

  private void link(String id) {
    List<JsonElement> slots = new ArrayList<>(Tree.list(nodes.get(id), "inputs"));
    for (int i = 0; i < slots.size(); i++) {
      JsonObject slot = slots.get(i).getAsJsonObject();
      JsonArray pair = inputs(id).getAsJsonArray(Tree.text(slot, "name"));
      JsonObject source = nodes.get(Tree.text(pair.get(0)));
      int output = (int) Tree.number(pair.get(1), -1);
      List<JsonElement> outputs = Tree.list(source, "outputs");
      if (output < 0 || output >= outputs.size()) {
        continue;
      }
      JsonObject from = outputs.get(output).getAsJsonObject();
      JsonArray used = new JsonArray();
      used.add(links.size());
      from.add("links", used);
      slot.addProperty("link", links.size());
      slot.add("type", from.get("type"));
      JsonArray link = new JsonArray();
      link.add(links.size());
      link.add(Tree.text(source, "id"));
      link.add(output);
      link.add(id);
      link.add(i);
      link.add(from.get("type"));
      links.add(link);
    }
  }
}
