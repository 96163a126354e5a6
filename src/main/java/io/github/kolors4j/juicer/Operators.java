package io.github.kolors4j.juicer;

import io.github.kolors4j.juicer.operators.ImageAspectRatioFilter;
import io.github.kolors4j.juicer.operators.ImageShapeFilter;
import io.github.kolors4j.juicer.operators.AlphanumericFilter;
import io.github.kolors4j.juicer.operators.AverageLineLengthFilter;
import io.github.kolors4j.juicer.operators.CharacterRepetitionFilter;
import io.github.kolors4j.juicer.operators.ImageSizeFilter;
import io.github.kolors4j.juicer.operators.MaximumLineLengthFilter;
import io.github.kolors4j.juicer.operators.SpecialCharactersFilter;
import io.github.kolors4j.juicer.operators.SpecifiedFieldFilter;
import io.github.kolors4j.juicer.operators.SpecifiedNumericFieldFilter;
import io.github.kolors4j.juicer.operators.SuffixFilter;
import io.github.kolors4j.juicer.operators.TextLengthFilter;
import io.github.kolors4j.juicer.operators.WordRepetitionFilter;
import io.github.kolors4j.juicer.operators.WordsNumFilter;
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
    FACTORIES.put(AlphanumericFilter.NAME, AlphanumericFilter::new);
    FACTORIES.put(AverageLineLengthFilter.NAME, AverageLineLengthFilter::new);
    FACTORIES.put(CharacterRepetitionFilter.NAME, CharacterRepetitionFilter::new);
    FACTORIES.put(ImageSizeFilter.NAME, ImageSizeFilter::new);
    FACTORIES.put(MaximumLineLengthFilter.NAME, MaximumLineLengthFilter::new);
    FACTORIES.put(SpecialCharactersFilter.NAME, SpecialCharactersFilter::new);
    FACTORIES.put(SpecifiedFieldFilter.NAME, SpecifiedFieldFilter::new);
    FACTORIES.put(SpecifiedNumericFieldFilter.NAME, SpecifiedNumericFieldFilter::new);
    FACTORIES.put(SuffixFilter.NAME, SuffixFilter::new);
    FACTORIES.put(TextLengthFilter.NAME, TextLengthFilter::new);
    FACTORIES.put(WordRepetitionFilter.NAME, WordRepetitionFilter::new);
    FACTORIES.put(WordsNumFilter.NAME, WordsNumFilter::new);
  }

  private Operators() {}

  /** All known names, in alphabetical order. */
  public static Set<String> names() {
    return Set.copyOf(FACTORIES.keySet());
  }

  /** Makes the operator that a recipe asks for at {@code place}. */
  static Operator create(
      String name,
      Map<String, YamlValue> values,
      YamlValue place,
      String textKey,
      String imageKey) {
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
    Parameters parameters = new Parameters(name, values, place, textKey, imageKey);
    Operator operator = factory.apply(parameters);
    // Any operator of data-juicer takes these, whether it looks at them or not.
    parameters.textKey();
    parameters.imageKey();
    parameters.requireAllKnown();
    return operator;
  }
}
