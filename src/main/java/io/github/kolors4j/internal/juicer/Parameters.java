package io.github.kolors4j.internal.juicer;

import com.google.gson.JsonElement;
import io.github.kolors4j.internal.NearestName;
import io.github.kolors4j.juicer.RecipeException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An operator's parameters in a recipe. An operator asks for each that it knows, with the default;
 * what nobody asked for is then reported as unknown, with its line and the nearest known name.
 */
public final class Parameters {
  /** What data-juicer accepts for any operator and makes no difference to the result here. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of("num_proc", "accelerator", "batch_size", "cpu_required", "mem_required", "turbo");

  private final String operator;
  private final Map<String, YamlValue> values;
  private final YamlValue place;
  private final String textKey;
  private final String imageKey;
  private final Set<String> known = new LinkedHashSet<>();

  /** {@code textKey} and {@code imageKey} are the recipe's, for an operator that names no other. */
  public Parameters(
      String operator,
      Map<String, YamlValue> values,
      YamlValue place,
      String textKey,
      String imageKey) {
    this.operator = operator;
    this.values = values;
    this.place = place;
    this.textKey = textKey;
    this.imageKey = imageKey;
  }

  /** {@code text_key}: the field whose text the operator works on. */
  public String textKey() {
    return text("text_key", textKey);
  }

  /** {@code image_key}: the field whose pictures the operator works on. */
  public String imageKey() {
    return text("image_key", imageKey);
  }

  /** A text. */
  public String text(String name, String defaultValue) {
    return optionalText(name).orElse(defaultValue);
  }

  /** A text, if it is there. */
  public Optional<String> optionalText(String name) {
    return Optional.ofNullable(take(name)).map(value -> value.text(operator + "." + name));
  }

  /** A text, or several in a list. */
  public List<String> texts(String name, List<String> defaultValue) {
    YamlValue value = take(name);
    if (value == null) {
      return defaultValue;
    }
    String what = operator + "." + name;
    return value.isList()
        ? value.list(what).stream().map(item -> item.text(what)).toList()
        : List.of(value.text(what));
  }

  /** A list of texts, numbers, truth values and nulls; empty if it is not there. */
  public List<JsonElement> values(String name) {
    YamlValue value = take(name);
    if (value == null) {
      return List.of();
    }
    String what = operator + "." + name;
    return value.list(what).stream().map(item -> item.json(what)).toList();
  }

  /** True or false. */
  public boolean truth(String name, boolean defaultValue) {
    YamlValue value = take(name);
    return value == null ? defaultValue : value.isTrue(operator + "." + name);
  }

  /** A whole number of at least 1. */
  public int positive(String name, int defaultValue) {
    return optionalPositive(name).orElse(defaultValue);
  }

  /** A whole number of at least 1, if it is there. */
  public OptionalInt optionalPositive(String name) {
    YamlValue value = take(name);
    if (value == null) {
      return OptionalInt.empty();
    }
    long number = value.integer(operator + "." + name);
    if (number < 1 || number > Integer.MAX_VALUE) {
      String bound = number < 1 ? "at least 1" : "at most " + Integer.MAX_VALUE;
      throw value.error(operator + "." + name + " must be " + bound + ", not " + number + ".");
    }
    return OptionalInt.of((int) number);
  }

  /** A number from 0 to 1, if it is there. */
  public OptionalDouble optionalRatio(String name) {
    YamlValue value = take(name);
    if (value == null) {
      return OptionalDouble.empty();
    }
    double number = value.decimal(operator + "." + name);
    if (!(number >= 0 && number <= 1)) {
      throw value.error(operator + "." + name + " must be from 0 to 1, not " + number + ".");
    }
    return OptionalDouble.of(number);
  }

  /** An exception that names the line of a parameter (or of the operator, if it is not there). */
  public RecipeException error(String name, String message) {
    return values.getOrDefault(name, place).error(operator + "." + name + " " + message);
  }

  /** A whole number. */
  public long integer(String name, long defaultValue) {
    YamlValue value = take(name);
    return value == null ? defaultValue : value.integer(operator + "." + name);
  }

  /** A number. */
  public double decimal(String name, double defaultValue) {
    YamlValue value = take(name);
    return value == null ? defaultValue : value.decimal(operator + "." + name);
  }

  /** One of a few words. */
  public String choice(String name, String defaultValue, List<String> choices) {
    YamlValue value = take(name);
    if (value == null) {
      return defaultValue;
    }
    String word = value.text(operator + "." + name);
    if (!choices.contains(word)) {
      throw value.error(
          operator + "." + name + " is \"" + word + "\"; it can be one of " + choices + ".");
    }
    return word;
  }

  private @Nullable YamlValue take(String name) {
    known.add(name);
    YamlValue value = values.get(name);
    return value == null || value.isNull() ? null : value;
  }

  /** Reports the first parameter that the operator did not ask for. */
  public void requireAllKnown() {
    values.forEach(
        (name, value) -> {
          if (!known.contains(name) && !WITHOUT_EFFECT.contains(name)) {
            throw value.error(
                operator
                    + " has no parameter \""
                    + name
                    + "\""
                    + NearestName.hint(name, known)
                    + " It has "
                    + known
                    + ".");
          }
        });
  }
}
