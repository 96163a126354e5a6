package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Bounds;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Reason;
import io.github.kolors4j.internal.juicer.Sample;
import java.util.Map;
import java.util.Optional;

/**
 * {@code text_length_filter}: keeps samples whose text has a number of characters (code points)
 * within bounds, inclusive. Statistic: {@code text_len}.
 */
final class TextLengthFilter implements Filter {
  /** The name in recipes. */
  static final String NAME = "text_length_filter";

  private static final String STATISTIC = "text_len";

  private final long minLength;
  private final long maxLength;
  private final String textKey;

  /** From {@code min_len, max_len, text_key}. */
  TextLengthFilter(Parameters parameters) {
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
    sample.measure(STATISTIC, () -> PythonText.length(sample.text(textKey)));
  }

  @Override
  public Optional<Reason> judge(Sample sample) {
    double length = sample.statistics().get(STATISTIC).getAsDouble();
    return Bound.check("min_len", minLength, "max_len", maxLength, length)
        .map(broken -> broken.reason(Bound.text(length), "文字长度", "text length", "字", "characters"));
  }
}
