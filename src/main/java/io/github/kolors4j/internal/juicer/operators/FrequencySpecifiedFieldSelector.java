package io.github.kolors4j.internal.juicer.operators;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.juicer.Parameters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code frequency_specified_field_selector}: groups the samples by a field's value and keeps the
 * largest groups (or the smallest), one after the other. Samples without a value are a group too.
 */
final class FrequencySpecifiedFieldSelector extends FieldSelector {
  /** The name in recipes. */
  static final String NAME = "frequency_specified_field_selector";

  private final Portion portion;
  private final boolean reverse;

  /**
   * From {@code field_key, top_ratio, topk} (of both, the one that keeps fewer groups), {@code
   * reverse} (true: the largest groups).
   */
  FrequencySpecifiedFieldSelector(Parameters parameters) {
    super(NAME, parameters);
    portion = Portion.of(parameters, "top_ratio", "topk");
    reverse = parameters.truth("reverse", true);
  }

  @Override
  boolean keepsAll() {
    return portion.isEmpty();
  }

  @Override
  int[] pick(List<@Nullable JsonElement> keys) {
    Map<Object, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      groups.computeIfAbsent(value(keys.get(i)), value -> new ArrayList<>()).add(i);
    }
    Comparator<List<Integer>> bySize = Comparator.comparingInt(List::size);
    return groups.values().stream()
        .sorted(reverse ? bySize.reversed() : bySize)
        .limit(portion.of(groups.size()))
        .flatMap(List::stream)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Equal numbers are equal however they are written. */
  private static Object value(JsonElement value) {
    if (value instanceof JsonPrimitive primitive && !primitive.isString()) {
      return FieldValue.number(primitive, Double.NaN);
    }
    return value == null ? "null" : value;
  }
}
