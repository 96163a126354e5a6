package io.github.kolors4j.internal.juicer.operators;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Sample;
import io.github.kolors4j.internal.juicer.Selector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * {@code frequency_specified_field_selector}: groups the samples by a field's value and keeps the
 * largest groups (or the smallest), one after the other. Samples without a value are a group too.
 */
final class FrequencySpecifiedFieldSelector implements Selector<JsonElement> {
  /** The name in recipes. */
  static final String NAME = "frequency_specified_field_selector";

  private final String fieldKey;
  private final OptionalDouble topRatio;
  private final OptionalInt topk;
  private final boolean reverse;

  /**
   * From {@code field_key, top_ratio, topk} (of both, the one that keeps fewer groups), {@code
   * reverse} (true: the largest groups).
   */
  FrequencySpecifiedFieldSelector(Parameters parameters) {
    fieldKey = parameters.text("field_key", "");
    topRatio = parameters.optionalRatio("top_ratio");
    topk = parameters.optionalPositive("topk");
    reverse = parameters.truth("reverse", true);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public JsonElement key(Sample sample) {
    return fieldKey.isEmpty() ? null : sample.field(fieldKey);
  }

  @Override
  public int[] select(List<JsonElement> keys) {
    double ratio = topRatio.orElse(0);
    if (keys.size() <= 1 || fieldKey.isEmpty() || ratio == 0 && topk.isEmpty()) {
      return IntStream.range(0, keys.size()).toArray();
    }
    Map<Object, List<Integer>> groups = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      groups.computeIfAbsent(value(keys.get(i)), value -> new ArrayList<>()).add(i);
    }
    double selected = ratio == 0 ? topk.getAsInt() : ratio * groups.size();
    if (topk.isPresent()) {
      selected = Math.min(selected, topk.getAsInt());
    }
    Comparator<List<Integer>> bySize = Comparator.comparingInt(List::size);
    return groups.values().stream()
        .sorted(reverse ? bySize.reversed() : bySize)
        .limit((long) selected)
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
