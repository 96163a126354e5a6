package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;

/**
 * {@code average_line_length_filter}: keeps samples whose lines have on average a number of
 * characters within bounds, inclusive. Statistic: {@code avg_line_length}: all characters, line
 * ends too, divided by the lines; 0 for no text.
 */
final class AverageLineLengthFilter {
  /** The name in recipes. */
  static final String NAME = "average_line_length_filter";

  private static final Range.Quantity QUANTITY =
      new Range.Quantity("平均行长", "average line length", "字", "characters");

  private AverageLineLengthFilter() {}

  /** From {@code min_len, max_len, text_key}. */
  static Filter of(Parameters parameters) {
    Range range = Range.ofIntegers(parameters, "len", 10, Long.MAX_VALUE);
    return new TextFilter(
        NAME,
        "avg_line_length",
        range,
        QUANTITY,
        parameters.textKey(),
        AverageLineLengthFilter::averageLine);
  }

  private static double averageLine(String text) {
    int lines = PythonText.lines(text).size();
    return lines == 0 ? 0 : (double) PythonText.length(text) / lines;
  }
}
