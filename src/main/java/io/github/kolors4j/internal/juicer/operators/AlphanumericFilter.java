package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.regex.PythonCharacters;

/**
 * {@code alphanumeric_filter}: keeps samples whose share of letters and digits (of any script)
 * among all characters lies within bounds, inclusive. Statistic: {@code alnum_ratio}, 0 for no
 * text.
 */
final class AlphanumericFilter {
  /** The name in recipes. */
  static final String NAME = "alphanumeric_filter";

  private static final Range.Quantity QUANTITY =
      new Range.Quantity("字母与数字的比例", "share of letters and digits");

  private AlphanumericFilter() {}

  /** From {@code min_ratio, max_ratio, text_key}. */
  static Filter of(Parameters parameters) {
    TextFilter.requireNoTokenization(parameters);
    Range range = Range.ofDecimals(parameters, "ratio", 0.25, Long.MAX_VALUE);
    return new TextFilter(
        NAME,
        "alnum_ratio",
        range,
        QUANTITY,
        parameters.textKey(),
        AlphanumericFilter::alphanumericRatio);
  }

  private static double alphanumericRatio(String text) {
    long found = text.codePoints().filter(PythonCharacters::isAlphanumeric).count();
    return text.isEmpty() ? 0 : (double) found / PythonText.length(text);
  }
}
