package io.github.kolors4j.juicer;

import io.github.kolors4j.juicer.operators.ImageAspectRatioFilter;
import io.github.kolors4j.juicer.operators.ImageShapeFilter;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** The operators by name. */
public final class Operators {
  private static final Map<String, Function<Parameters, Operator>> FACTORIES = new TreeMap<>();

  static {
    FACTORIES.put(ImageAspectRatioFilter.NAME, ImageAspectRatioFilter::new);
    FACTORIES.put(ImageShapeFilter.NAME, ImageShapeFilter::new);
  }

  private Operators() {}

  /** All known names, in alphabetical order. */
  public static Set<String> names() {
    return Set.copyOf(FACTORIES.keySet());
  }

  /** Makes the operator that a recipe asks for at {@code place}. */
  static Operator create(String name, Map<String, YamlValue> values, YamlValue place) {
    Function<Parameters, Operator> factory = FACTORIES.get(name);
    if (factory == null) {
      throw place.error(
          "there is no operator \""
              + name
              + "\""
              + Nearest.hint(name, FACTORIES.keySet())
              + " Known operators: "
              + FACTORIES.keySet()
              + ".");
    }
    Parameters parameters = new Parameters(name, values);
    Operator operator = factory.apply(parameters);
    parameters.requireAllKnown();
    return operator;
  }
}
