package io.github.kolors4j.internal.juicer.operators;

import com.google.gson.JsonElement;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Sample;
import io.github.kolors4j.internal.juicer.Selector;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Picks samples by the value of a field; without a field, or a bound, all of them. */
abstract class FieldSelector implements Selector<JsonElement> {
  private final String name;
  private final String fieldKey;

  /** From {@code field_key}. */
  FieldSelector(String name, Parameters parameters) {
    this.name = name;
    this.fieldKey = parameters.text("field_key", "");
  }

  @Override
  public String name() {
    return name;
  }

  /** Whether the field lies within another. */
  boolean isNested() {
    return fieldKey.contains(".");
  }

  @Override
  public @Nullable JsonElement key(Sample sample) {
    return fieldKey.isEmpty() ? null : sample.field(fieldKey);
  }

  @Override
  public int[] select(List<@Nullable JsonElement> values) {
    return values.size() <= 1 || fieldKey.isEmpty() || keepsAll()
        ? IntStream.range(0, values.size()).toArray()
        : pick(values);
  }

  /** Whether the recipe sets no bound. */
  abstract boolean keepsAll();

  /** The places of those that stay, in their new order. */
  abstract int[] pick(List<@Nullable JsonElement> values);
}
