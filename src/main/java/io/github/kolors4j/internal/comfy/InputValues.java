package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.comfy.NodeDeclaration;
import io.github.kolors4j.comfy.NodeDeclaration.Input;
import io.github.kolors4j.comfy.NodeDeclaration.Presence;
import io.github.kolors4j.comfy.WorkflowException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;

/** The values of a prompt's inputs as Java's: {@code INT} is a Long, {@code FLOAT} a Double. */
final class InputValues {
  private InputValues() {}

  /**
   * The inputs that are no links: those that the prompt gives, and defaults of optional ones.
   *
   * @throws WorkflowException if a value is not of its input's type
   */
  static Map<String, Object> constants(PromptGraph.Box box) {
    Map<String, Object> values = new LinkedHashMap<>();
    NodeDeclaration declaration = box.declaration();
    for (Input input : declaration.inputs()) {
      JsonElement given = box.inputs().get(input.name());
      if (input.presence() == Presence.HIDDEN || given != null && PromptGraph.isLink(given)) {
        continue;
      }
      if (given == null && input.presence() == Presence.OPTIONAL) {
        given = input.defaultValue();
      }
      if (given != null && !given.isJsonNull()) {
        values.put(input.name(), value(input, given));
      }
    }
    return values;
  }

  private static Object value(Input input, JsonElement given) {
    JsonElement value =
        given.isJsonObject() && given.getAsJsonObject().has("__value__")
            ? given.getAsJsonObject().get("__value__")
            : given;
    if (!(value instanceof JsonPrimitive primitive)) {
      return value;
    }
    try {
      return switch (input.type()) {
        case "INT" -> integer(primitive);
        case "FLOAT" -> primitive.isBoolean() ? number(primitive) : primitive.getAsDouble();
        case "BOOLEAN" -> flag(primitive);
        default -> primitive.getAsString();
      };
    } catch (NumberFormatException e) {
      throw new WorkflowException(
          "The input '%s' is %s, which is no %s.".formatted(input.name(), primitive, input.type()));
    }
  }

  private static double number(JsonPrimitive value) {
    return value.getAsBoolean() ? 1 : 0;
  }

  /** As Python's {@code int}: cut off; above 2⁶³ the same bits. */
  private static long integer(JsonPrimitive value) {
    if (value.isBoolean()) {
      return value.getAsBoolean() ? 1 : 0;
    }
    String text = value.getAsString().strip();
    if (text.length() > 400) {
      throw new NumberFormatException("too long");
    }
    BigDecimal exact = new BigDecimal(text);
    if (exact.precision() - exact.scale() > 40) {
      throw new NumberFormatException("too large");
    }
    return exact.toBigInteger().longValue();
  }

  private static boolean flag(JsonPrimitive value) {
    if (value.isBoolean()) {
      return value.getAsBoolean();
    }
    return value.isNumber() ? value.getAsDouble() != 0 : !value.getAsString().isEmpty();
  }
}
