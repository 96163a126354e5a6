package io.github.kolors4j.internal.training;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * One option of LoRA training: a row of {@link TrainingTable}.
 *
 * @param name in {@code hparams.yaml}, and after two dashes on the command line
 * @param usual the value if nothing is said
 * @param fits whether a value makes sense by itself
 * @param expected what a value must be, after "must be"
 * @param meaning a sentence for whoever chooses a value
 */
public record TrainingOption<T>(
    String name, T usual, Predicate<T> fits, String expected, String meaning) {

  /**
   * A value as the command line and {@code hparams.yaml} write it.
   *
   * @throws IllegalArgumentException if it is no value of this option
   */
  @SuppressWarnings("unchecked") // what is read is of the usual value's type
  T read(String text) {
    try {
      Object value = text;
      if (usual instanceof Integer) {
        value = Integer.valueOf(text);
      } else if (usual instanceof Long) {
        value = Long.valueOf(text);
      } else if (usual instanceof Double) {
        value = Double.valueOf(text);
      } else if (usual instanceof Boolean) {
        value = Boolean.valueOf(text);
      } else if (usual instanceof Path) {
        value = Path.of(text);
      } else if (usual instanceof List) {
        value = List.of(text.split(","));
      }
      return (T) value;
    } catch (NumberFormatException e) {
      throw refused(text);
    }
  }

  /** A value as {@link #read} takes it: a number, true or false, or text. */
  public static Object written(Object value) {
    if (value instanceof List<?> names) {
      return String.join(",", names.stream().map(String::valueOf).toList());
    }
    return value instanceof Path ? value.toString() : value;
  }

  /**
   * @throws IllegalArgumentException unless the value makes sense by itself
   */
  void check(T value) {
    if (!fits.test(value)) {
      throw refused(value.toString().isBlank() ? "empty" : value);
    }
  }

  /** What is said of a value that makes no sense. */
  IllegalArgumentException refused(Object value) {
    return new IllegalArgumentException(
        "%s is %s, but must be %s.".formatted(name, value, expected));
  }
}
