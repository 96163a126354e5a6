package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.regex.PythonCharacters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code word_repetition_filter}: keeps samples in which the share of repeated runs of {@code
 * rep_len} words lies within bounds, inclusive. Statistic: {@code word_rep_ratio}, 0 for texts that
 * are too short. The words are those of {@link Words}, in lower case.
 */
final class WordRepetitionFilter {
  /** The name in recipes. */
  static final String NAME = "word_repetition_filter";

  private static final Range.Quantity QUANTITY = new Range.Quantity("词语重复率", "word repetition");

  private WordRepetitionFilter() {}

  /** From {@code lang, rep_len, min_ratio, max_ratio, text_key}. */
  static Filter of(Parameters parameters) {
    parameters.text("lang", "en"); // chooses data-juicer's tokenizer; without one it has no effect
    TextFilter.requireNoTokenization(parameters);
    int runLength = parameters.positive("rep_len", 10);
    Range range = Range.ofDecimals(parameters, "ratio", 0.0, 0.5);
    return new TextFilter(
        NAME,
        "word_rep_ratio",
        range,
        QUANTITY,
        parameters.textKey(),
        text -> repetitionRatio(text, runLength));
  }

  private static double repetitionRatio(String text, int runLength) {
    List<String> words = Words.of(PythonCharacters.lower(text));
    Map<List<String>, Integer> frequencies = new HashMap<>();
    int runs = words.size() - runLength + 1;
    for (int i = 0; i < runs; i++) {
      frequencies.merge(words.subList(i, i + runLength), 1, Integer::sum);
    }
    int repeated =
        frequencies.values().stream()
            .filter(frequency -> frequency > 1)
            .mapToInt(Integer::intValue)
            .sum();
    return runs <= 0 ? 0 : (double) repeated / runs;
  }
}
