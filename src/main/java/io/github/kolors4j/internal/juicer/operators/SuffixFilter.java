package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Reason;
import io.github.kolors4j.internal.juicer.Sample;
import java.util.List;
import java.util.Optional;

/**
 * {@code suffix_filter}: keeps samples that come from files with one of these endings, written with
 * their dot ({@code .jsonl}); no endings keep all. The reader of the data set notes the ending in
 * the field {@code __dj__suffix__}, and there it stays in the result. No statistic.
 */
public final class SuffixFilter implements Filter {
  /** The name in recipes. */
  public static final String NAME = "suffix_filter";

  /** The field that has the ending of the sample's file. */
  public static final String FIELD = "__dj__suffix__";

  private final List<String> suffixes;

  /** From {@code suffixes}: one, or a list. */
  public SuffixFilter(Parameters parameters) {
    suffixes = parameters.texts("suffixes", List.of());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void computeStatistics(Sample sample) {
    // The ending is a field already.
  }

  @Override
  public Optional<Reason> judge(Sample sample) {
    if (suffixes.isEmpty()) {
      return Optional.empty();
    }
    String suffix = sample.requireText(FIELD);
    if (suffixes.contains(suffix)) {
      return Optional.empty();
    }
    String bound = "suffixes = " + suffixes;
    return Optional.of(
        new Reason(
            suffix,
            bound,
            "来自 " + suffix + " 文件，不在 " + bound + " 之中",
            suffix + " is not in " + bound));
  }
}
