package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Bounds;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Reason;
import io.github.kolors4j.internal.juicer.Sample;
import java.util.Map;
import java.util.Optional;

/**
 * {@code maximum_line_length_filter}: keeps samples whose longest line has a number of characters
 * within bounds, inclusive. Statistic: {@code max_line_length}, 0 for no text.
 */
final class MaximumLineLengthFilter implements Filter {
  /** The name in recipes. */
  static final String NAME = "maximum_line_length_filter";

  private static final String STATISTIC = "max_line_length";

  private final long minLength;
  private final long maxLength;
  private final String textKey;

  /** From {@code min_len, max_len, text_key}. */
  MaximumLineLengthFilter(Parameters parameters) {
    minLength = parameters.integer("min_len", 10);
    maxLength = parameters.integer("max_len", Long.MAX_VALUE);
    textKey = parameters.textKey();
  }

  @Override
  public Map<String, Bounds> bounds() {
    return Map.of(STATISTIC, Bounds.of(minLength, maxLength));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void computeStatistics(Sample sample) {
    sample.measure(STATISTIC, () -> longestLine(sample.text(textKey)));
  }

  private static int longestLine(String text) {
    return PythonText.lines(text).stream().mapToInt(PythonText::length).max().orElse(0);
  }

  @Override
  public Optional<Reason> judge(Sample sample) {
    double length = sample.statistics().get(STATISTIC).getAsDouble();
    return Bound.check("min_len", minLength, "max_len", maxLength, length)
        .map(
            broken -> broken.reason(Bound.text(length), "最长一行", "longest line", "字", "characters"));
  }
}
