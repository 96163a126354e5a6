package io.github.kolors4j.juicer;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
  private final Set<String> known = new LinkedHashSet<>();

  Parameters(String operator, Map<String, YamlValue> values) {
    this.operator = operator;
    this.values = values;
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

  private YamlValue take(String name) {
    known.add(name);
    return values.get(name);
  }

  /** Reports the first parameter that the operator did not ask for. */
  void requireAllKnown() {
    values.forEach(
        (name, value) -> {
          if (!known.contains(name) && !WITHOUT_EFFECT.contains(name)) {
            throw value.error(
                operator
                    + " has no parameter \""
                    + name
                    + "\""
                    + Nearest.hint(name, known)
                    + " It has "
                    + known
                    + ".");
          }
        });
  }
}
