package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * {@code character_repetition_filter}: keeps samples in which the most frequent runs of {@code
 * rep_len} characters make up a share within bounds, inclusive. Statistic: {@code char_rep_ratio}:
 * with k different runs, the share of the most frequent √k (of those that repeat at all); 0 for
 * texts that are too short.
 */
final class CharacterRepetitionFilter {
  /** The name in recipes. */
  static final String NAME = "character_repetition_filter";

  private static final Range.Quantity QUANTITY =
      new Range.Quantity("字符重复率", "character repetition");

  private CharacterRepetitionFilter() {}

  /** From {@code rep_len, min_ratio, max_ratio, text_key}. */
  static Filter of(Parameters parameters) {
    int runLength = parameters.positive("rep_len", 10);
    Range range = Range.ofDecimals(parameters, "ratio", 0.0, 0.5);
    return new TextFilter(
        NAME,
        "char_rep_ratio",
        range,
        QUANTITY,
        parameters.textKey(),
        text -> repetitionRatio(text, runLength));
  }

  private static double repetitionRatio(String text, int runLength) {
    Map<String, Integer> frequencies = new HashMap<>();
    int from = 0;
    int runs = PythonText.length(text) - runLength + 1;
    for (int i = 0; i < runs; i++) {
      int to = text.offsetByCodePoints(from, runLength);
      frequencies.merge(text.substring(from, to), 1, Integer::sum);
      from = text.offsetByCodePoints(from, 1);
    }
    if (frequencies.isEmpty()) {
      return 0;
    }
    long repeated = frequencies.values().stream().filter(frequency -> frequency > 1).count();
    long counted = Math.min((long) Math.sqrt(frequencies.size()), repeated);
    int most =
        frequencies.values().stream()
            .sorted(Comparator.reverseOrder())
            .limit(counted)
            .mapToInt(Integer::intValue)
            .sum();
    return (double) most / runs;
  }
}
