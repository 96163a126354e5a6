package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;

/**
 * {@code special_characters_filter}: keeps samples whose share of {@link SpecialCharacters} among
 * all characters lies within bounds, inclusive. Statistic: {@code special_char_ratio}, 0 for no
 * text.
 */
final class SpecialCharactersFilter {
  /** The name in recipes. */
  static final String NAME = "special_characters_filter";

  private static final Range.Quantity QUANTITY =
      new Range.Quantity("特殊字符的比例", "share of special characters");

  private SpecialCharactersFilter() {}

  /** From {@code min_ratio, max_ratio, text_key}. */
  static Filter of(Parameters parameters) {
    Range range = Range.ofDecimals(parameters, "ratio", 0.0, 0.25);
    return new TextFilter(
        NAME,
        "special_char_ratio",
        range,
        QUANTITY,
        parameters.textKey(),
        SpecialCharactersFilter::specialRatio);
  }

  private static double specialRatio(String text) {
    long found = text.codePoints().filter(SpecialCharacters::contains).count();
    return text.isEmpty() ? 0 : (double) found / PythonText.length(text);
  }
}
