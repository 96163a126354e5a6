package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Bounds;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Reason;
import io.github.kolors4j.internal.juicer.Sample;
import io.github.kolors4j.internal.juicer.regex.PythonCharacters;
import java.util.Map;
import java.util.Optional;

/**
 * {@code alphanumeric_filter}: keeps samples whose share of letters and digits (of any script)
 * among all characters lies within bounds, inclusive. Statistic: {@code alnum_ratio}, 0 for no
 * text.
 */
final class AlphanumericFilter implements Filter {
  /** The name in recipes. */
  static final String NAME = "alphanumeric_filter";

  private static final String STATISTIC = "alnum_ratio";

  private final double minRatio;
  private final double maxRatio;
  private final String textKey;

  /** From {@code min_ratio, max_ratio, text_key}. */
  AlphanumericFilter(Parameters parameters) {
    if (parameters.truth("tokenization", false)) {
      throw parameters.error(
          "tokenization",
          "needs a language model, which is not part of this program; leave it out.");
    }
    minRatio = parameters.decimal("min_ratio", 0.25);
    maxRatio = parameters.decimal("max_ratio", Long.MAX_VALUE);
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
    sample.measure(STATISTIC, () -> alphanumericRatio(sample.text(textKey)));
  }

  private static double alphanumericRatio(String text) {
    long found = text.codePoints().filter(PythonCharacters::isAlphanumeric).count();
    return text.isEmpty() ? 0 : (double) found / PythonText.length(text);
  }

  @Override
  public Optional<Reason> judge(Sample sample) {
    double ratio = sample.statistics().get(STATISTIC).getAsDouble();
    return Bound.check("min_ratio", minRatio, "max_ratio", maxRatio, ratio)
        .map(
            broken ->
                broken.reason(
                    Bound.text(ratio), "字母与数字的比例", "share of letters and digits", "", ""));
  }
}
