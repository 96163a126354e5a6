package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import org.jspecify.annotations.Nullable;

/** Errors in ComfyUI's shape, with ComfyUI's texts. */
final class ValidationError {
  /** A value longer than this is not sent back whole: a prompt may have megabytes of it. */
  private static final int LONGEST = 10_000;

  private ValidationError() {}

  static JsonObject of(String type, String message, String details, JsonObject extraInfo) {
    JsonObject error = new JsonObject();
    error.addProperty("type", type);
    error.addProperty("message", message);
    error.addProperty("details", shortened(details));
    error.add("extra_info", extraInfo);
    return error;
  }

  /**
   * About an input.
   *
   * @param config what was declared; null for a choice too long to be quoted
   */
  static JsonObject ofInput(
      String type,
      String message,
      String details,
      DeclaredInput input,
      @Nullable JsonElement config,
      JsonElement received) {
    JsonObject extra = inputInfo(input);
    extra.add("input_config", config);
    extra.add("received_value", quotable(received));
    return of(type, message, details, extra);
  }

  static JsonObject inputInfo(DeclaredInput input) {
    JsonObject extra = new JsonObject();
    extra.addProperty("input_name", input.name());
    return extra;
  }

  /** About an exception; there is no Python whose lines could be told. */
  static void addException(JsonObject extraInfo, PythonError error) {
    extraInfo.addProperty("exception_type", error.type());
    extraInfo.add("traceback", new JsonArray());
  }

  /** NaN and Infinity are no JSON: the page would not understand the whole answer. */
  static JsonElement quotable(JsonElement value) {
    if (value instanceof JsonPrimitive primitive) {
      if (primitive.isNumber() && !PythonNumbers.isFinite(primitive)) {
        return new JsonPrimitive(PythonText.repr(value));
      }
      return primitive.isString() ? new JsonPrimitive(shortened(primitive.getAsString())) : value;
    }
    String text = PythonText.repr(value);
    return text.length() > LONGEST || !isPlain(value) ? new JsonPrimitive(shortened(text)) : value;
  }

  private static boolean isPlain(JsonElement value) {
    if (value instanceof JsonArray list) {
      return list.asList().stream().allMatch(ValidationError::isPlain);
    }
    if (value instanceof JsonObject object) {
      return object.asMap().values().stream().allMatch(ValidationError::isPlain);
    }
    return !JsonShape.isNumber(value) || PythonNumbers.isFinite((JsonPrimitive) value);
  }

  static String shortened(String text) {
    return text.length() <= LONGEST
        ? text
        : text.substring(0, LONGEST) + "… (%,d characters)".formatted(text.length());
  }
}
