package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An input as a node's declaration describes it ({@code [type, {default, min, …}]}).
 *
 * @param name of the input
 * @param type {@code INT}, {@code IMAGE}, …; {@code COMBO} for a choice in either notation
 * @param options {@code default}, {@code min}, {@code max}, {@code forceInput}, …; never changed
 * @param choices of a {@code COMBO}
 * @param optional whether a prompt may leave it out
 */
record InputSpec(
    String name, String type, JsonObject options, JsonArray choices, boolean optional) {
  static final String COMBO = "COMBO";

  /** What the page adds behind the inputs of a node that loads a picture: a button. */
  static final String UPLOAD = "IMAGEUPLOAD";

  /** Types for which the page draws a field of its own, in which a single value stands. */
  private static final Set<String> WIDGETS =
      Set.of(
          "INT",
          "FLOAT",
          "BOOLEAN",
          "STRING",
          COMBO,
          UPLOAD,
          "MARKDOWN",
          "TEXTAREA",
          "COLOR",
          "CURVE",
          "BOUNDING_BOX",
          "RANGE",
          "COLORS");

  /**
   * All inputs in the order in which the page lists them: by {@code input_order}, required ones
   * first, then those that it leaves out; the upload button last.
   */
  static List<InputSpec> of(JsonObject declaration) {
    JsonObject input = JsonShape.object(declaration, "input");
    JsonObject order = JsonShape.object(declaration, "input_order");
    Map<String, InputSpec> found = new LinkedHashMap<>();
    for (String category : new String[] {"required", "optional"}) {
      JsonObject inputs = JsonShape.object(input, category);
      List<String> names = new ArrayList<>();
      JsonShape.list(order, category).forEach(name -> names.add(JsonShape.javaScriptText(name)));
      names.addAll(inputs.keySet());
      for (String name : names) {
        if (inputs.has(name)) {
          found.putIfAbsent(name, parse(name, inputs.get(name), category.equals("optional")));
        }
      }
    }
    List<InputSpec> specs = new ArrayList<>(found.values());
    specs.stream()
        .filter(spec -> !spec.optional && spec.takesUploads())
        .findFirst()
        .ifPresent(
            spec ->
                specs.add(
                    new InputSpec("upload", UPLOAD, new JsonObject(), new JsonArray(), false)));
    return specs;
  }

  private static InputSpec parse(String name, JsonElement json, boolean optional) {
    JsonArray tuple = json instanceof JsonArray list && !list.isEmpty() ? list : new JsonArray();
    JsonElement type = tuple.isEmpty() ? JsonNull.INSTANCE : tuple.get(0);
    JsonObject options =
        tuple.size() > 1 && tuple.get(1) instanceof JsonObject object ? object : new JsonObject();
    return type instanceof JsonArray choices
        ? new InputSpec(name, COMBO, options, choices, optional)
        : new InputSpec(
            name,
            JsonShape.text(options, "widgetType", JsonShape.javaScriptText(type)),
            options,
            JsonShape.list(options, "options"),
            optional);
  }

  /** Whether it has a field on the node; an input of any other kind only takes links. */
  boolean hasWidget() {
    return WIDGETS.contains(type) && !forceInput();
  }

  boolean forceInput() {
    return JsonShape.flag(options, "forceInput");
  }

  private boolean takesUploads() {
    return type.equals(COMBO)
        && (JsonShape.flag(options, "image_upload")
            || JsonShape.flag(options, "video_upload")
            || JsonShape.flag(options, "animated_image_upload"));
  }

  boolean isMultiline() {
    return type.equals("STRING") && JsonShape.flag(options, "multiline")
        || type.equals("MARKDOWN")
        || type.equals("TEXTAREA");
  }

  /** Whether the declaration itself says that the value changes after each run. */
  boolean saysControlled() {
    JsonElement control = options.get("control_after_generate");
    return control instanceof JsonPrimitive value
        && (value.isBoolean() ? value.getAsBoolean() : !value.getAsString().isEmpty());
  }

  /** How many fields follow that say how the value changes after each run. */
  int controlWidgets() {
    boolean controlled =
        options.has("control_after_generate")
            ? saysControlled()
            : type.equals("INT") && (name.equals("seed") || name.equals("noise_seed"));
    return switch (type) {
      case "INT", "FLOAT" -> controlled ? 1 : 0;
      case COMBO -> saysControlled() ? 2 : 0;
      default -> 0;
    };
  }

  /** The value where a workflow has none. */
  @Nullable JsonElement defaultValue() {
    JsonElement standard = options.get("default");
    if (!JsonShape.isNull(standard) && !(type.equals(COMBO) && isEmptyText(standard))) {
      return standard;
    }
    return switch (type) {
      case "INT", "FLOAT" -> new JsonPrimitive(0);
      case "BOOLEAN" -> new JsonPrimitive(false);
      case COMBO ->
          options.has("multi_select") ? new JsonArray() : choices.isEmpty() ? null : choices.get(0);
      case "CURVE", "BOUNDING_BOX", "RANGE", "COLORS" -> null;
      default -> new JsonPrimitive("");
    };
  }

  private static boolean isEmptyText(JsonElement value) {
    return value instanceof JsonPrimitive text && text.isString() && text.getAsString().isEmpty();
  }
}
