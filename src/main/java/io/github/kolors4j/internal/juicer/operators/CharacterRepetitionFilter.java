package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Bounds;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Reason;
import io.github.kolors4j.internal.juicer.Sample;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * {@code character_repetition_filter}: keeps samples in which the most frequent runs of {@code
 * rep_len} characters make up a share within bounds, inclusive. Statistic: {@code char_rep_ratio}:
 * with k different runs, the share of the most frequent √k (of those that repeat at all); 0 for
 * texts that are too short.
 */
final class CharacterRepetitionFilter implements Filter {
  /** The name in recipes. */
  static final String NAME = "character_repetition_filter";

  private static final String STATISTIC = "char_rep_ratio";

  private final int runLength;
  private final double minRatio;
  private final double maxRatio;
  private final String textKey;

  /** From {@code rep_len, min_ratio, max_ratio, text_key}. */
  CharacterRepetitionFilter(Parameters parameters) {
    runLength = parameters.positive("rep_len", 10);
    minRatio = parameters.decimal("min_ratio", 0.0);
    maxRatio = parameters.decimal("max_ratio", 0.5);
    textKey = parameters.textKey();
  }

  @Override
  public Map<String, Bounds> bounds() {
    return Map.of(STATISTIC, Bounds.of(minRatio, maxRatio));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void computeStatistics(Sample sample) {
    sample.measure(STATISTIC, () -> repetitionRatio(sample.text(textKey)));
  }

  private double repetitionRatio(String text) {
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

  @Override
  public Optional<Reason> judge(Sample sample) {
    double ratio = sample.statistics().get(STATISTIC).getAsDouble();
    return Bound.check("min_ratio", minRatio, "max_ratio", maxRatio, ratio)
        .map(broken -> broken.reason(Bound.text(ratio), "字符重复率", "character repetition", "", ""));
  }
}
