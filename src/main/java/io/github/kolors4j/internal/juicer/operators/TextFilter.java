package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Bounds;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Reason;
import io.github.kolors4j.internal.juicer.Sample;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A filter that measures one number of a text and keeps what lies within a range.
 *
 * @param name the name in recipes
 * @param statistic the name of the number
 * @param range the values that stay
 * @param quantity the number in words
 * @param textKey the field of the text
 * @param measure the number of a text
 */
record TextFilter(
    String name,
    String statistic,
    Range range,
    Range.Quantity quantity,
    String textKey,
    Function<String, Number> measure)
    implements Filter {

  /** Refuses data-juicer's {@code tokenization: true}. */
  static void requireNoTokenization(Parameters parameters) {
    if (parameters.truth("tokenization", false)) {
      throw parameters.error(
          "tokenization",
          "needs a language model, which is not part of this program; leave it out.");
    }
  }

  @Override
  public Map<String, Bounds> bounds() {
    return Map.of(statistic, range.bounds());
  }

  @Override
  public void computeStatistics(Sample sample) {
    sample.measure(statistic, () -> measure.apply(sample.requireText(textKey)));
  }

  @Override
  public Optional<Reason> judge(Sample sample) {
    return range.check(
        Objects.requireNonNull(sample.statistics().get(statistic), statistic).getAsDouble(),
        quantity);
  }
}
