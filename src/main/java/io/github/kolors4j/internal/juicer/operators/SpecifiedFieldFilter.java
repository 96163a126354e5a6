package io.github.kolors4j.internal.juicer.operators;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Reason;
import io.github.kolors4j.internal.juicer.Sample;
import java.util.List;
import java.util.Optional;

/**
 * {@code specified_field_filter}: keeps samples whose field has one of the given values; of a list,
 * all items must be among them. A field within another is written with a dot ({@code
 * meta.language}). Without a field or values, all samples stay. No statistic.
 */
final class SpecifiedFieldFilter implements Filter {
  /** The name in recipes. */
  static final String NAME = "specified_field_filter";

  private final String fieldKey;
  private final List<JsonElement> targetValues;

  /** From {@code field_key, target_value} (a list). */
  SpecifiedFieldFilter(Parameters parameters) {
    fieldKey = parameters.text("field_key", "");
    targetValues = parameters.values("target_value");
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void computeStatistics(Sample sample) {
    // The field is its own statistic.
  }

  @Override
  public Optional<Reason> judge(Sample sample) {
    if (fieldKey.isEmpty() || targetValues.isEmpty()) {
      return Optional.empty();
    }
    JsonElement value = sample.field(fieldKey);
    JsonArray items = new JsonArray();
    if (value instanceof JsonArray list) {
      items.addAll(list);
    } else {
      items.add(value == null ? JsonNull.INSTANCE : value);
    }
    for (JsonElement item : items) {
      if (targetValues.stream().noneMatch(target -> isEqual(item, target))) {
        String bound = "target_value = " + targetValues;
        return Optional.of(
            new Reason(
                item.toString(),
                bound,
                fieldKey + " 为 " + item + "，不在 " + bound + " 之中",
                fieldKey + " is " + item + ", which is not in " + bound));
      }
    }
    return Optional.empty();
  }

  /** Python's {@code ==}: a number equals another by value, and True is 1. */
  private static boolean isEqual(JsonElement a, JsonElement b) {
    if (a instanceof JsonPrimitive first && b instanceof JsonPrimitive second) {
      return first.isString() || second.isString()
          ? first.isString()
              && second.isString()
              && first.getAsString().equals(second.getAsString())
          : number(first) == number(second);
    }
    return a.equals(b);
  }

  private static double number(JsonPrimitive value) {
    return value.isBoolean() ? (value.getAsBoolean() ? 1 : 0) : value.getAsDouble();
  }
}
