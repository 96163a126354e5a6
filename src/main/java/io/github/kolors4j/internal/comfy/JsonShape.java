package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes values out of JSON that may have any shape: what is not as expected is simply not there.
 */
final class JsonShape {
  private JsonShape() {}

  /** A text, or a number as it is written; ids come as both. */
  static @Nullable String text(@Nullable JsonElement value) {
    return value instanceof JsonPrimitive primitive && !primitive.isBoolean()
        ? primitive.getAsString()
        : null;
  }

  static String text(JsonObject object, String name, String otherwise) {
    String found = text(object.get(name));
    return found == null ? otherwise : found;
  }

  /** A small whole number, such as a slot or a mode. */
  static int integer(@Nullable JsonElement value, int otherwise) {
    if (!(value instanceof JsonPrimitive primitive)
        || primitive.isBoolean()
        || primitive.getAsString().length() > 12) {
      return otherwise;
    }
    try {
      return new BigDecimal(primitive.getAsString()).intValueExact();
    } catch (NumberFormatException | ArithmeticException e) {
      return otherwise;
    }
  }

  static boolean flag(JsonObject object, String name) {
    return object.get(name) instanceof JsonPrimitive value
        && value.isBoolean()
        && value.getAsBoolean();
  }

  static JsonObject object(JsonObject parent, String name) {
    return parent.get(name) instanceof JsonObject found ? found : new JsonObject();
  }

  /** The objects of a list; anything else in it is passed over. */
  static List<JsonObject> objects(JsonObject parent, String name) {
    List<JsonObject> found = new ArrayList<>();
    for (JsonElement element : list(parent, name)) {
      if (element instanceof JsonObject object) {
        found.add(object);
      }
    }
    return found;
  }

  static JsonArray list(JsonObject parent, String name) {
    return parent.get(name) instanceof JsonArray found ? found : new JsonArray();
  }

  static boolean isNull(@Nullable JsonElement value) {
    return value == null || value instanceof JsonNull;
  }

  static boolean isNumber(@Nullable JsonElement value) {
    return value instanceof JsonPrimitive primitive && primitive.isNumber();
  }

  /** As JavaScript makes a text of a value: whole numbers without a point, null as nothing. */
  static String javaScriptText(@Nullable JsonElement value) {
    if (!(value instanceof JsonPrimitive primitive)) {
      return value == null || value instanceof JsonNull ? "" : value.toString();
    }
    if (!primitive.isNumber() || PythonNumbers.isWhole(primitive)) {
      return primitive.getAsString();
    }
    double number = primitive.getAsDouble();
    boolean whole = number == Math.rint(number) && Math.abs(number) < 1e21;
    return whole ? new BigDecimal(number).toBigInteger().toString() : primitive.getAsString();
  }
}
