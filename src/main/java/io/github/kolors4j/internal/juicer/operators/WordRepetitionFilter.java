package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Bounds;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Reason;
import io.github.kolors4j.internal.juicer.Sample;
import io.github.kolors4j.internal.juicer.regex.PythonCharacters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code word_repetition_filter}: keeps samples in which the share of repeated runs of {@code
 * rep_len} words lies within bounds, inclusive. Statistic: {@code word_rep_ratio}, 0 for texts that
 * are too short. The words are those of {@link Words}, in lower case.
 */
final class WordRepetitionFilter implements Filter {
  /** The name in recipes. */
  static final String NAME = "word_repetition_filter";

  private static final String STATISTIC = "word_rep_ratio";

  private final int runLength;
  private final double minRatio;
  private final double maxRatio;
  private final String textKey;

  /** From {@code lang, rep_len, min_ratio, max_ratio, text_key}. */
  WordRepetitionFilter(Parameters parameters) {
    parameters.text("lang", "en"); // chooses data-juicer's tokenizer; without one it has no effect
    if (parameters.truth("tokenization", false)) {
      throw parameters.error(
          "tokenization",
          "needs a language model, which is not part of this program; leave it out.");
    }
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

  @Override
  public Optional<Reason> judge(Sample sample) {
    double ratio = sample.statistics().get(STATISTIC).getAsDouble();
    return Bound.check("min_ratio", minRatio, "max_ratio", maxRatio, ratio)
        .map(broken -> broken.reason(Bound.text(ratio), "词语重复率", "word repetition", "", ""));
  }
}
