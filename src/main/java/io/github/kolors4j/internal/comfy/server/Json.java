package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes JSON in one line, and takes values out of foreign JSON without trusting their types. */
final class Json {
  private Json() {}

  /**
   * An object of names and values in turns.
   *
   * @param pairs a value may be a text, number, boolean, JSON, a collection of these, or null
   */
  static JsonObject object(@Nullable Object... pairs) {
    JsonObject object = new JsonObject();
    for (int i = 0; i < pairs.length; i += 2) {
      object.add(String.valueOf(pairs[i]), element(pairs[i + 1]));
    }
    return object;
  }

  /** A list of such values. */
  static JsonArray array(Object... values) {
    JsonArray array = new JsonArray();
    for (Object value : values) {
      array.add(element(value));
    }
    return array;
  }

  private static JsonElement element(@Nullable Object value) {
    if (value == null) {
      return JsonNull.INSTANCE;
    }
    if (value instanceof JsonElement json) {
      return json;
    }
    if (value instanceof Number number) {
      return new JsonPrimitive(number);
    }
    if (value instanceof Boolean truth) {
      return new JsonPrimitive(truth);
    }
    if (value instanceof Collection<?> values) {
      return array(values.toArray());
    }
    return new JsonPrimitive(value.toString());
  }

  /** A text's value, if it is a text. */
  static Optional<String> text(@Nullable JsonElement json) {
    return json instanceof JsonPrimitive value && value.isString()
        ? Optional.of(value.getAsString())
        : Optional.empty();
  }

  /** A member that is a text. */
  static Optional<String> text(JsonObject object, String name) {
    return text(object.get(name));
  }

  /** A member that is an object; an empty one if it is none. */
  static JsonObject child(JsonObject object, String name) {
    return object.get(name) instanceof JsonObject child ? child : new JsonObject();
  }

  /** Whether a member is there and Python would call it true. */
  static boolean isTrue(JsonObject object, String name) {
    JsonElement value = object.get(name);
    if (value instanceof JsonPrimitive primitive) {
      return primitive.isBoolean()
          ? primitive.getAsBoolean()
          : primitive.isNumber()
              ? primitive.getAsDouble() != 0
              : !primitive.getAsString().isEmpty();
    }
    return value instanceof JsonObject child
        ? !child.isEmpty()
        : value instanceof JsonArray list && !list.isEmpty();
  }

  /** A whole number without a decimal point, as Python writes an int. */
  static Number number(double value) {
    long whole = (long) value;
    return whole == value ? (Number) whole : (Number) value;
  }
}
