package io.github.kolors4j.internal.juicer.operators;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.juicer.Parameters;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code topk_specified_field_selector}: keeps the samples with the largest values of a field (or
 * the smallest), sorted. A field within another is written with a dot, and its value is read as a
 * number; one of the sample itself is compared as it is, as a number or as a text. What has no
 * value comes last.
 */
final class TopkSpecifiedFieldSelector extends FieldSelector {
  /** The name in recipes. */
  static final String NAME = "topk_specified_field_selector";

  private final Portion portion;
  private final boolean reverse;

  /**
   * From {@code field_key, top_ratio, topk} (of both, the one that keeps less), {@code reverse}
   * (true: the largest).
   */
  TopkSpecifiedFieldSelector(Parameters parameters) {
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
    return IntStream.range(0, keys.size())
        .boxed()
        .sorted(Comparator.comparing(keys::get, reverse ? order().reversed() : order()))
        .limit(portion.of(keys.size()))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Texts after numbers, in the order of their code points. */
  private Comparator<JsonElement> order() {
    double missing = reverse ? -Long.MAX_VALUE : Long.MAX_VALUE;
    Comparator<JsonElement> byNumber =
        Comparator.comparingDouble(value -> FieldValue.number(value, missing));
    if (isNested()) {
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
