package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An input as validation sees it.
 *
 * @param type a text, or a list of choices
 * @param options never changed
 */
record DeclaredInput(String name, JsonElement type, JsonObject options, boolean required) {

  /** Those that a prompt gives, required ones first. */
  static List<DeclaredInput> of(JsonObject declaration) {
    JsonObject input = JsonShape.object(declaration, "input");
    List<DeclaredInput> inputs = new ArrayList<>();
    for (String category : new String[] {"required", "optional"}) {
      for (Map.Entry<String, JsonElement> entry : JsonShape.object(input, category).entrySet()) {
        JsonArray tuple = entry.getValue() instanceof JsonArray list ? list : new JsonArray();
        inputs.add(
            new DeclaredInput(
                entry.getKey(),
                tuple.isEmpty() ? JsonNull.INSTANCE : tuple.get(0),
                tuple.size() > 1 && tuple.get(1) instanceof JsonObject options
                    ? options
                    : new JsonObject(),
                category.equals("required")));
      }
    }
    return inputs;
  }

  boolean isOf(String other) {
    return type instanceof JsonPrimitive text
        && text.isString()
        && text.getAsString().equals(other);
  }

  /** What may be chosen; null if it is no choice, or one that only the page knows. */
  @Nullable JsonArray choices() {
    if (type instanceof JsonArray choices) {
      return choices;
    }
    return isOf(InputSpec.COMBO) && !PythonNumbers.isTrue(option("remote_combo"))
        ? JsonShape.list(options, "options")
        : null;
  }

  JsonElement option(String key) {
    return options.has(key) ? options.get(key) : JsonNull.INSTANCE;
  }

  /** The pair that errors quote. */
  JsonArray config() {
    JsonArray config = new JsonArray();
    config.add(type);
    config.add(options);
    return config;
  }

  /** Whether an output of a type may be linked to it. */
  boolean takes(JsonElement given) {
    if (PythonNumbers.equal(given, type) || isAny(given) || isAny(type)) {
      return true;
    }
    if (given instanceof JsonArray) {
      return isOf(InputSpec.COMBO);
    }
    if (type instanceof JsonArray) {
      return false;
    }
    for (String one : PythonText.str(given).split(",", -1)) {
      for (String other : PythonText.str(type).split(",", -1)) {
        if (one.strip().equals(other.strip()) || isAny(one.strip()) || isAny(other.strip())) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isAny(JsonElement type) {
    return type instanceof JsonPrimitive text
        && (isAny(text.getAsString()) || text.getAsString().equals("COMFY_MATCHTYPE_V3"));
  }

  private static boolean isAny(String type) {
    return type.equals("*");
  }
}
