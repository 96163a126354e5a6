package io.github.kolors4j.juicer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;

/**
 * The values of one statistic over a data set: for each sample one number (a text's length), a list
 * of numbers (the width of each picture) or nothing (where it could not be measured). They lie in
 * two flat columns, so that a million samples take a few megabytes.
 */
final class StatisticColumn {
  private final String name;
  private final DoubleColumn values = DoubleColumn.create("values");
  private final IntColumn ends = IntColumn.create("ends");
  private final BitSet measured = new BitSet();
  private boolean isList;
  private boolean isWhole = true;

  /** Begins with samples for which there is nothing. */
  StatisticColumn(String name, int samplesWithout) {
    this.name = name;
    for (int i = 0; i < samplesWithout; i++) {
      add(null);
    }
  }

  String name() {
    return name;
  }

  /** Whether this is something that can be counted with: numbers or lists of them. */
  static boolean isNumeric(JsonElement value) {
    if (value instanceof JsonArray list) {
      return list.asList().stream()
          .allMatch(item -> !(item instanceof JsonArray) && isNumeric(item));
    }
    return value instanceof JsonPrimitive primitive && primitive.isNumber();
  }

  /** The next sample's numbers; null for none. */
  void add(@Nullable JsonElement value) {
    if (value != null) {
      measured.set(ends.size());
      if (value instanceof JsonArray list) {
        isList = true;
        list.forEach(this::addNumber);
      } else {
        addNumber(value);
      }
    }
    ends.append(values.size());
  }

  private void addNumber(JsonElement value) {
    Number number = value.getAsNumber();
    isWhole &= number instanceof Integer || number instanceof Long;
    values.append(number.doubleValue());
  }

  /** All values, lists taken apart. */
  double[] values() {
    return values.asDoubleArray();
  }

  /** The values of some samples. */
  double[] values(BitSet samples) {
    return samples.stream()
        .flatMap(sample -> IntStream.range(start(sample), ends.getInt(sample)))
        .mapToDouble(values::getDouble)
        .toArray();
  }

  /** For each sample the mean of its values; NaN where it has none. */
  double[] means() {
    double[] means = new double[ends.size()];
    Arrays.setAll(
        means,
        sample ->
            IntStream.range(start(sample), ends.getInt(sample))
                .mapToDouble(values::getDouble)
                .average()
                .orElse(Double.NaN));
    return means;
  }

  /** A sample's value as it was added; null if there is none. */
  @Nullable JsonElement element(int sample) {
    if (!measured.get(sample)) {
      return null;
    }
    if (!isList) {
      return number(start(sample));
    }
    JsonArray list = new JsonArray();
    IntStream.range(start(sample), ends.getInt(sample)).forEach(i -> list.add(number(i)));
    return list;
  }

  private JsonPrimitive number(int index) {
    double value = values.getDouble(index);
    return isWhole ? new JsonPrimitive((long) value) : new JsonPrimitive(value);
  }

  private int start(int sample) {
    return sample == 0 ? 0 : ends.getInt(sample - 1);
  }
}
