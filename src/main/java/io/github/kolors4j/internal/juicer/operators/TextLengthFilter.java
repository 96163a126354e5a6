package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;

/**
 * {@code text_length_filter}: keeps samples whose text has a number of characters (code points)
 * within bounds, inclusive. Statistic: {@code text_len}.
 */
final class TextLengthFilter {
  /** The name in recipes. */
  static final String NAME = "text_length_filter";

  private static final Range.Quantity QUANTITY =
      new Range.Quantity("文字长度", "text length", "字", "characters");

  private TextLengthFilter() {}

  /** From {@code min_len, max_len, text_key}. */
  static Filter of(Parameters parameters) {
    Range range = Range.ofIntegers(parameters, "len", 10, Long.MAX_VALUE);
    return new TextFilter(
        NAME, "text_len", range, QUANTITY, parameters.textKey(), PythonText::length);
  }
}
