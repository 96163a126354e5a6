package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Bounds;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Reason;
import io.github.kolors4j.internal.juicer.Sample;
import java.util.Map;
import java.util.Optional;

/**
 * {@code special_characters_filter}: keeps samples whose share of {@link SpecialCharacters} among
 * all characters lies within bounds, inclusive. Statistic: {@code special_char_ratio}, 0 for no
 * text.
 */
final class SpecialCharactersFilter implements Filter {
  /** The name in recipes. */
  static final String NAME = "special_characters_filter";

  private static final String STATISTIC = "special_char_ratio";

  private final double minRatio;
  private final double maxRatio;
  private final String textKey;

  /** From {@code min_ratio, max_ratio, text_key}. */
  SpecialCharactersFilter(Parameters parameters) {
    minRatio = parameters.decimal("min_ratio", 0.0);
    maxRatio = parameters.decimal("max_ratio", 0.25);
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
    sample.measure(STATISTIC, () -> specialRatio(sample.text(textKey)));
  }

  private static double specialRatio(String text) {
    long found = text.codePoints().filter(SpecialCharacters::contains).count();
    return text.isEmpty() ? 0 : (double) found / PythonText.length(text);
  }

  @Override
  public Optional<Reason> judge(Sample sample) {
    double ratio = sample.statistics().get(STATISTIC).getAsDouble();
    return Bound.check("min_ratio", minRatio, "max_ratio", maxRatio, ratio)
        .map(
            broken ->
                broken.reason(Bound.text(ratio), "特殊字符的比例", "share of special characters", "", ""));
  }
}
