package io.github.kolors4j.internal.juicer.operators;

import com.google.gson.JsonElement;
import io.github.kolors4j.internal.juicer.Parameters;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code range_specified_field_selector}: sorts the samples by a field's value from small to large
 * and keeps those between two places, the largest first. What is no number comes before all.
 */
final class RangeSpecifiedFieldSelector extends FieldSelector {
  /** The name in recipes. */
  static final String NAME = "range_specified_field_selector";

  private final OptionalDouble lowerPercentile;
  private final OptionalDouble upperPercentile;
  private final OptionalInt lowerRank;
  private final OptionalInt upperRank;

  /**
   * From {@code field_key, lower_percentile, lower_rank} (of both, the higher place), {@code
   * upper_percentile, upper_rank} (of both, the lower place). Without a lower or without an upper
   * bound, all samples stay.
   */
  RangeSpecifiedFieldSelector(Parameters parameters) {
    super(NAME, parameters);
    lowerPercentile = parameters.optionalRatio("lower_percentile");
    upperPercentile = parameters.optionalRatio("upper_percentile");
    lowerRank = parameters.optionalPositive("lower_rank");
    upperRank = parameters.optionalPositive("upper_rank");
  }

  @Override
  boolean keepsAll() {
    return lowerPercentile.isEmpty() && lowerRank.isEmpty()
        || upperPercentile.isEmpty() && upperRank.isEmpty();
  }

  @Override
  int[] pick(List<@Nullable JsonElement> keys) {
    int size = keys.size();
    int lower = (int) (lowerPercentile.orElse(0) * size);
    lower = Math.max(lower, lowerRank.orElse(0));
    int upper = (int) (upperPercentile.orElse(1) * size);
    upper = Math.max(lower, Math.min(upper, upperRank.orElse(size)));
    Comparator<Integer> byValue =
        Comparator.comparingDouble(i -> FieldValue.number(keys.get(i), -Long.MAX_VALUE));
    return IntStream.range(0, size)
        .boxed()
        .sorted(byValue)
        .limit(upper)
        .sorted(byValue.reversed())
        .limit(upper - lower)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
