package io.github.kolors4j.internal.comfy.drawing;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.comfy.ComfyJson;
import io.github.kolors4j.internal.image.ChineseFont;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a node with their names. A workflow saves values alone, in the order of the node's
 * declaration; newer ones say the names, too.
 */
final class FieldReader {
  private static final Set<String> TYPES = Set.of("INT", "FLOAT", "STRING", "BOOLEAN", "COMBO");
  private static final Set<String> SEEDS = Set.of("seed", "noise_seed");
  private static final String AFTER = "control_after_generate";

  /** The button of a picture's upload, which is saved like a value. */
  private static final String UPLOAD = "upload";

  private static final int LONG = 60;

  private FieldReader() {}

  /**
   * Reads a node's fields.
   *
   * @param declaration the entry in {@code object_info}, or null if the node is not known
   * @param linked names of fields that a wire gives the value of
   */
  static List<Graph.Field> read(
      JsonObject node, @Nullable JsonObject declaration, Set<String> linked) {
    List<Graph.Field> fields = new ArrayList<>();
    JsonElement values = node.get("widgets_values");
    if (values instanceof JsonObject named) {
      for (Map.Entry<String, JsonElement> value : named.entrySet()) {
        add(fields, value.getKey(), value.getValue(), declaration, linked);
      }
    } else if (values instanceof JsonArray list) {
      List<String> names = names(node, declaration, list.size());
      for (int i = 0; i < list.size(); i++) {
        add(fields, i < names.size() ? names.get(i) : "", list.get(i), declaration, linked);
      }
    }
    return fields;
  }

  private static void add(
      List<Graph.Field> fields,
      String name,
      JsonElement value,
      @Nullable JsonObject declaration,
      Set<String> linked) {
    boolean empty = value instanceof JsonNull || value instanceof JsonArray list && list.isEmpty();
    if (name.equals(UPLOAD) || name.isEmpty() && empty) {
      return;
    }
    String text = value instanceof JsonPrimitive ? Tree.text(value) : ComfyJson.write(value);
    boolean multiline =
        Tree.isTrue(Tree.get(options(input(declaration, name)), "multiline"))
            || text.indexOf('\n') >= 0
            || declaration == null && text.length() > LONG;
    fields.add(new Graph.Field(name, ChineseFont.writable(text), multiline, linked.contains(name)));
  }

  private static List<String> names(JsonObject node, @Nullable JsonObject declaration, int count) {
    if (node.get("widgets_values_named") instanceof JsonObject named && named.size() == count) {
      return List.copyOf(named.keySet());
    }
    if (Tree.text(node, "type").endsWith("Note")) {
      return List.of();
    }
    List<String> promoted =
        Tree.list(node.get("properties"), "proxyWidgets").stream()
            .filter(JsonArray.class::isInstance)
            .map(pair -> pair.getAsJsonArray().size() > 1 ? pair.getAsJsonArray().get(1) : null)
            .map(Tree::text)
            .toList();
    if (promoted.size() == count) {
      return promoted;
    }
    return declaration == null ? ofInputs(node) : declared(declaration);
  }

  private static List<String> ofInputs(JsonObject node) {
    List<String> names = new ArrayList<>();
    Tree.objects(node, "inputs")
        .map(input -> Tree.text(input.get("widget"), "name"))
        .filter(name -> !name.isEmpty())
        .forEach(name -> addWithControl(names, name, SEEDS.contains(name)));
    return names;
  }

  private static List<String> declared(JsonObject declaration) {
    List<String> names = new ArrayList<>();
    for (String presence : List.of("required", "optional")) {
      JsonElement inputs = Tree.get(declaration.get("input"), presence);
      for (JsonElement name : Tree.list(declaration.get("input_order"), presence)) {
        JsonElement input = Tree.get(inputs, Tree.text(name));
        if (!isField(input)) {
          continue;
        }
        JsonElement options = options(input);
        boolean seed = SEEDS.contains(Tree.text(name)) && type(input).equals("INT");
        addWithControl(names, Tree.text(name), seed || Tree.isTrue(Tree.get(options, AFTER)));
        if (Tree.isTrue(Tree.get(options, "image_upload"))) {
          names.add(UPLOAD);
        }
      }
    }
    return names;
  }

  private static void addWithControl(List<String> names, String name, boolean controlled) {
    names.add(name);
    if (controlled) {
      names.add(AFTER);
    }
  }

  private static boolean isField(@Nullable JsonElement input) {
    return (TYPES.contains(type(input)) || first(input) instanceof JsonArray)
        && !Tree.isTrue(Tree.get(options(input), "forceInput"));
  }

  private static @Nullable JsonElement input(@Nullable JsonObject declaration, String name) {
    JsonElement inputs = declaration == null ? null : declaration.get("input");
    JsonElement required = Tree.get(Tree.get(inputs, "required"), name);
    return required != null ? required : Tree.get(Tree.get(inputs, "optional"), name);
  }

  private static String type(@Nullable JsonElement input) {
    return Tree.text(first(input));
  }

  private static @Nullable JsonElement first(@Nullable JsonElement input) {
    return input instanceof JsonArray list && !list.isEmpty() ? list.get(0) : null;
  }

  private static @Nullable JsonElement options(@Nullable JsonElement input) {
    return input instanceof JsonArray list && list.size() > 1 ? list.get(1) : null;
  }
}
