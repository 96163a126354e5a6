package io.github.kolors4j.internal.juicer.operators;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Reason;
import io.github.kolors4j.internal.juicer.Sample;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * {@code specified_numeric_field_filter}: keeps samples whose field is a number, or a text that
 * reads as one, within bounds (inclusive). A field within another is written with a dot ({@code
 * meta.score}). As in data-juicer, the number 0 counts as missing and is thrown out; write it as
 * the text {@code "0"} to keep it. No statistic.
 */
final class SpecifiedNumericFieldFilter implements Filter {
  /** The name in recipes. */
  static final String NAME = "specified_numeric_field_filter";

  private final String fieldKey;
  private final Range range;

  /** From {@code field_key, min_value, max_value}. */
  SpecifiedNumericFieldFilter(Parameters parameters) {
    fieldKey = parameters.text("field_key", "");
    range = Range.ofDecimals(parameters, "value", -Long.MAX_VALUE, Long.MAX_VALUE);
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
    if (fieldKey.isEmpty()) {
      return Optional.empty();
    }
    JsonElement value = sample.field(fieldKey);
    OptionalDouble number = number(value);
    if (number.isEmpty() || Double.isNaN(number.getAsDouble())) {
      return Optional.of(
          new Reason(
              String.valueOf(value),
              "a number",
              fieldKey + " 为 " + value + "，不是（非零的）数字",
              fieldKey + " is " + value + ", not a number (0 counts as none)"));
    }
    return range.check(number.getAsDouble(), new Range.Quantity(fieldKey, fieldKey));
  }

  private static OptionalDouble number(@Nullable JsonElement value) {
    if (!(value instanceof JsonPrimitive primitive)) {
      return OptionalDouble.empty();
    }
    if (primitive.isString()) {
      return PythonText.number(primitive.getAsString());
    }
    double number =
        primitive.isBoolean() ? (primitive.getAsBoolean() ? 1 : 0) : primitive.getAsDouble();
    return number == 0 ? OptionalDouble.empty() : OptionalDouble.of(number);
  }
}
