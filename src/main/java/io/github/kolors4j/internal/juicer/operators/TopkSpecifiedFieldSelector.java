package io.github.kolors4j.internal.juicer.operators;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Sample;
import io.github.kolors4j.internal.juicer.Selector;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * {@code topk_specified_field_selector}: keeps the samples with the largest values of a field (or
 * the smallest), sorted. A field within another is written with a dot, and its value is read as a
 * number; one of the sample itself is compared as it is, as a number or as a text. What has no
 * value comes last.
 */
final class TopkSpecifiedFieldSelector implements Selector<JsonElement> {
  /** The name in recipes. */
  static final String NAME = "topk_specified_field_selector";

  private final String fieldKey;
  private final OptionalDouble topRatio;
  private final OptionalInt topk;
  private final boolean reverse;

  /**
   * From {@code field_key, top_ratio, topk} (of both, the one that keeps less), {@code reverse}
   * (true: the largest).
   */
  TopkSpecifiedFieldSelector(Parameters parameters) {
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
    int size = keys.size();
    double ratio = topRatio.orElse(0);
    if (size <= 1 || fieldKey.isEmpty() || ratio == 0 && topk.isEmpty()) {
      return IntStream.range(0, size).toArray();
    }
    double selected = ratio == 0 ? topk.getAsInt() : ratio * size;
    if (topk.isPresent()) {
      selected = Math.min(selected, topk.getAsInt());
    }
    return IntStream.range(0, size)
        .boxed()
        .sorted(Comparator.comparing(keys::get, reverse ? order().reversed() : order()))
        .limit((long) selected)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Texts after numbers, in the order of their code points. */
  private Comparator<JsonElement> order() {
    double missing = reverse ? -Long.MAX_VALUE : Long.MAX_VALUE;
    Comparator<JsonElement> byNumber =
        Comparator.comparingDouble(value -> FieldValue.number(value, missing));
    if (fieldKey.contains(".")) {
      return byNumber;
    }
    return (a, b) -> isText(a) && isText(b) ? compareTexts(a, b) : byNumber.compare(a, b);
  }

  private static boolean isText(JsonElement value) {
    return value instanceof JsonPrimitive primitive && primitive.isString();
  }

  private static int compareTexts(JsonElement a, JsonElement b) {
    int[] first = a.getAsString().codePoints().toArray();
    int[] second = b.getAsString().codePoints().toArray();
    return java.util.Arrays.compare(first, second);
  }
}
