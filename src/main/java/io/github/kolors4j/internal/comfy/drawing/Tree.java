package io.github.kolors4j.internal.comfy.drawing;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Looks into JSON that anybody may have written: what is missing or of another kind is nothing, so
 * that a damaged workflow is drawn as far as it goes.
 */
final class Tree {
  /** Farther out nothing is drawn to scale. */
  private static final double FARTHEST = 1e6;

  private Tree() {}

  static @Nullable JsonElement get(@Nullable JsonElement parent, String name) {
    return parent instanceof JsonObject object ? object.get(name) : null;
  }

  static List<JsonElement> list(@Nullable JsonElement parent, String name) {
    return get(parent, name) instanceof JsonArray list ? list.asList() : List.of();
  }

  static Stream<JsonObject> objects(@Nullable JsonElement parent, String name) {
    return StreamSupport.stream(list(parent, name).spliterator(), false)
        .filter(JsonObject.class::isInstance)
        .map(JsonObject.class::cast);
  }

  static String text(@Nullable JsonElement parent, String name) {
    return text(get(parent, name));
  }

  /** A value as text; empty for objects, lists and what is missing. */
  static String text(@Nullable JsonElement value) {
    return value instanceof JsonPrimitive primitive ? primitive.getAsString() : "";
  }

  /** An entry of a pair that is written as a list, or as an object with 0 and 1. */
  static double coordinate(@Nullable JsonElement pair, int index, double standard) {
    if (pair instanceof JsonArray list) {
      return index < list.size() ? number(list.get(index), standard) : standard;
    }
    return number(get(pair, String.valueOf(index)), standard);
  }

  /** A number within reason. */
  static double number(@Nullable JsonElement value, double standard) {
    if (value instanceof JsonPrimitive primitive && primitive.isNumber()) {
      double number = primitive.getAsDouble();
      return Double.isNaN(number) ? standard : Math.max(-FARTHEST, Math.min(FARTHEST, number));
    }
    return standard;
  }

  static boolean isTrue(@Nullable JsonElement value) {
    return value instanceof JsonPrimitive primitive
        && primitive.isBoolean()
        && primitive.getAsBoolean();
  }
}
