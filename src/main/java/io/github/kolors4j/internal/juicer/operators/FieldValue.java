package io.github.kolors4j.internal.juicer.operators;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import java.util.OptionalDouble;

/** A field's value as selectors compare it (data-juicer's {@code stats_to_number}). */
final class FieldValue {
  private FieldValue() {}

  /** A number, a text that reads as one, or the mean of a list; {@code missing} for all else. */
  static double number(JsonElement value, double missing) {
    if (value instanceof JsonArray list) {
      double sum = 0;
      for (JsonElement item : list) {
        if (!(item instanceof JsonPrimitive primitive) || primitive.isString()) {
          return missing;
        }
        sum += number(item, missing);
      }
      return list.isEmpty() ? missing : sum / list.size();
    }
    if (!(value instanceof JsonPrimitive primitive)) {
      return missing;
    }
    OptionalDouble number =
        primitive.isString()
            ? PythonText.number(primitive.getAsString())
            : OptionalDouble.of(
                primitive.isBoolean()
                    ? (primitive.getAsBoolean() ? 1 : 0)
                    : primitive.getAsDouble());
    return number.isEmpty() || Double.isNaN(number.getAsDouble()) ? missing : number.getAsDouble();
  }
}
