package io.github.kolors4j.internal.training;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One option of LoRA training: a row of the table in {@link TrainingOptions}.
 *
 * @param name in {@code hparams.yaml}, and after two dashes on the command line
 * @param type of its values
 * @param usual the value if nothing is said
 * @param fits whether a value makes sense by itself
 * @param expected what a value must be, after "must be"
 * @param meaning one or two sentences for whoever chooses a value
 */
public record TrainingOption<T>(
    String name,
    Class<? super T> type,
    T usual,
    Predicate<T> fits,
    String expected,
    String meaning) {
  private static final Map<Class<?>, Function<String, ?>> READERS =
      Map.of(
          Integer.class, Integer::valueOf,
          Long.class, Long::valueOf,
          Double.class, Double::valueOf,
          Boolean.class, Boolean::valueOf,
          String.class, text -> text,
          Path.class, Path::of,
          List.class, text -> List.of(text.split(",")));

  /**
   * A value as the command line and {@code hparams.yaml} write it.
   *
   * @throws IllegalArgumentException if it is no value of this option's type
   */
  @SuppressWarnings("unchecked") // each type has its own reader
  public T read(String text) {
    try {
      return (T) READERS.get(type).apply(text);
    } catch (NumberFormatException e) {
      throw refused(text);
    }
  }

  /** A value as {@link #read} takes it. */
  public static Object written(Object value) {
    return value instanceof List<?> names
        ? names.stream().map(String::valueOf).collect(Collectors.joining(","))
        : value instanceof Path path ? path.toString() : value;
  }

  /**
   * @throws IllegalArgumentException unless the value makes sense by itself
   */
  void check(T value) {
    if (!fits.test(value)) {
      throw refused(value.toString().isBlank() ? "empty" : value);
    }
  }

  IllegalArgumentException refused(Object value) {
    return new IllegalArgumentException(
        "%s is %s, but must be %s.".formatted(name, value, expected));
  }
}
