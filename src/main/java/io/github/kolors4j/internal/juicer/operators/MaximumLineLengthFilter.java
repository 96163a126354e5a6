package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;

/**
 * {@code maximum_line_length_filter}: keeps samples whose longest line has a number of characters
 * within bounds, inclusive. Statistic: {@code max_line_length}, 0 for no text.
 */
final class MaximumLineLengthFilter {
  /** The name in recipes. */
  static final String NAME = "maximum_line_length_filter";

  private static final Range.Quantity QUANTITY =
      new Range.Quantity("最长一行", "longest line", "字", "characters");

  private MaximumLineLengthFilter() {}

  /** From {@code min_len, max_len, text_key}. */
  static Filter of(Parameters parameters) {
    Range range = Range.ofIntegers(parameters, "len", 10, Long.MAX_VALUE);
    return new TextFilter(
        NAME,
        "max_line_length",
        range,
        QUANTITY,
        parameters.textKey(),
        MaximumLineLengthFilter::longestLine);
  }

  private static int longestLine(String text) {
    return PythonText.lines(text).stream().mapToInt(PythonText::length).max().orElse(0);
  }
}
