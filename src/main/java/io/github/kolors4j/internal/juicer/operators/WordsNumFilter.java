package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;

/**
 * {@code words_num_filter}: keeps samples whose text has a number of words within bounds,
 * inclusive. Statistic: {@code num_words}, counted by {@link Words}.
 */
final class WordsNumFilter {
  /** The name in recipes. */
  static final String NAME = "words_num_filter";

  private static final Range.Quantity QUANTITY = new Range.Quantity("词数", "number of words");

  private WordsNumFilter() {}

  /** From {@code lang, min_num, max_num, text_key}. */
  static Filter of(Parameters parameters) {
    parameters.text("lang", "en"); // chooses data-juicer's tokenizer; without one it has no effect
    TextFilter.requireNoTokenization(parameters);
    Range range = Range.ofIntegers(parameters, "num", 10, Long.MAX_VALUE);
    return new TextFilter(
        NAME, "num_words", range, QUANTITY, parameters.textKey(), text -> Words.of(text).size());
  }
}
