package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Bounds;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Reason;
import io.github.kolors4j.internal.juicer.Sample;
import java.util.Map;
import java.util.Optional;

/**
 * {@code words_num_filter}: keeps samples whose text has a number of words within bounds,
 * inclusive. Statistic: {@code num_words}, counted by {@link Words}.
 */
final class WordsNumFilter implements Filter {
  /** The name in recipes. */
  static final String NAME = "words_num_filter";

  private static final String STATISTIC = "num_words";

  private final long minNumber;
  private final long maxNumber;
  private final String textKey;

  /** From {@code lang, min_num, max_num, text_key}. */
  WordsNumFilter(Parameters parameters) {
    parameters.text("lang", "en"); // chooses data-juicer's tokenizer; without one it has no effect
    if (parameters.truth("tokenization", false)) {
      throw parameters.error(
          "tokenization",
          "needs a language model, which is not part of this program; leave it out.");
    }
    minNumber = parameters.integer("min_num", 10);
    maxNumber = parameters.integer("max_num", Long.MAX_VALUE);
    textKey = parameters.textKey();
  }

  @Override
  public Map<String, Bounds> bounds() {
    return Map.of(STATISTIC, Bounds.of(minNumber, maxNumber));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void computeStatistics(Sample sample) {
    sample.measure(STATISTIC, () -> countWords(sample.text(textKey)));
  }

  private static int countWords(String text) {
    return Words.of(text).size();
  }

  @Override
  public Optional<Reason> judge(Sample sample) {
    double number = sample.statistics().get(STATISTIC).getAsDouble();
    return Bound.check("min_num", minNumber, "max_num", maxNumber, number)
        .map(broken -> broken.reason(Bound.text(number), "词数", "number of words", "", ""));
  }
}
