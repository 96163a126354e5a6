package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Bounds;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Reason;
import io.github.kolors4j.internal.juicer.Sample;
import java.util.Map;
import java.util.Optional;

/**
 * {@code average_line_length_filter}: keeps samples whose lines have on average a number of
 * characters within bounds, inclusive. Statistic: {@code avg_line_length}: all characters, line
 * ends too, divided by the lines; 0 for no text.
 */
final class AverageLineLengthFilter implements Filter {
  /** The name in recipes. */
  static final String NAME = "average_line_length_filter";

  private static final String STATISTIC = "avg_line_length";

  private final long minLength;
  private final long maxLength;
  private final String textKey;

  /** From {@code min_len, max_len, text_key}. */
  AverageLineLengthFilter(Parameters parameters) {
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
    sample.measure(STATISTIC, () -> averageLine(sample.text(textKey)));
  }

  private static double averageLine(String text) {
    int lines = PythonText.lines(text).size();
    return lines == 0 ? 0 : (double) PythonText.length(text) / lines;
  }

  @Override
  public Optional<Reason> judge(Sample sample) {
    double length = sample.statistics().get(STATISTIC).getAsDouble();
    return Bound.check("min_len", minLength, "max_len", maxLength, length)
        .map(
            broken ->
                broken.reason(
                    Bound.text(length), "平均行长", "average line length", "字", "characters"));
  }
}
