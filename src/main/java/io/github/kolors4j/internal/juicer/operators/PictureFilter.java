package io.github.kolors4j.internal.juicer.operators;

import com.google.gson.JsonArray;
import io.github.kolors4j.internal.juicer.Bounds;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Reason;
import io.github.kolors4j.internal.juicer.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A filter that measures one number of each picture and keeps what lies within a range. A sample
 * without pictures stays.
 *
 * @param name the name in recipes
 * @param statistic the name of the list of numbers, one a picture
 * @param range the values that stay
 * @param quantity the number in words
 * @param any whether one good picture is enough
 * @param measure puts the numbers into a sample's statistics
 */
record PictureFilter(
    String name,
    String statistic,
    Range range,
    Range.Quantity quantity,
    boolean any,
    Consumer<Sample> measure)
    implements Filter {

  @Override
  public Map<String, Bounds> bounds() {
    return Map.of(statistic, range.bounds());
  }

  @Override
  public void computeStatistics(Sample sample) {
    measure.accept(sample);
  }

  @Override
  public Optional<Reason> judge(Sample sample) {
    JsonArray values =
        Objects.requireNonNull(sample.statistics().get(statistic), statistic).getAsJsonArray();
    List<Reason> reasons = new ArrayList<>();
    values.forEach(value -> range.check(value.getAsDouble(), quantity).ifPresent(reasons::add));
    return AnyOrAll.of(any, reasons, values.size());
  }
}
