package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.NearestName;
import io.github.kolors4j.internal.juicer.Operator;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.YamlValue;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** The operators by name. */
public final class OperatorCatalog {
  private static final Map<String, Function<Parameters, Operator>> FACTORIES = new TreeMap<>();

  static {
    FACTORIES.put(AlphanumericFilter.NAME, AlphanumericFilter::of);
    FACTORIES.put(AverageLineLengthFilter.NAME, AverageLineLengthFilter::of);
    FACTORIES.put(CharacterRepetitionFilter.NAME, CharacterRepetitionFilter::of);
    FACTORIES.put(ChineseConvertMapper.NAME, ChineseConvertMapper::of);
    FACTORIES.put(CleanEmailMapper.NAME, CleanEmailMapper::of);
    FACTORIES.put(CleanHtmlMapper.NAME, CleanHtmlMapper::of);
    FACTORIES.put(CleanIpMapper.NAME, CleanIpMapper::of);
    FACTORIES.put(CleanLinksMapper.NAME, CleanLinksMapper::of);
    FACTORIES.put(DocumentDeduplicator.NAME, DocumentDeduplicator::new);
    FACTORIES.put(DocumentMinhashDeduplicator.NAME, DocumentMinhashDeduplicator::new);
    FACTORIES.put(DocumentSimhashDeduplicator.NAME, DocumentSimhashDeduplicator::new);
    FACTORIES.put(FixUnicodeMapper.NAME, FixUnicodeMapper::new);
    FACTORIES.put(FrequencySpecifiedFieldSelector.NAME, FrequencySpecifiedFieldSelector::new);
    FACTORIES.put(ImageAestheticsFilter.NAME, ImageAestheticsFilter::of);
    FACTORIES.put(ImageAspectRatioFilter.NAME, ImageAspectRatioFilter::of);
    FACTORIES.put(ImageBlurMapper.NAME, ImageBlurMapper::new);
    FACTORIES.put(ImageDeduplicator.NAME, ImageDeduplicator::new);
    FACTORIES.put(ImageShapeFilter.NAME, ImageShapeFilter::new);
    FACTORIES.put(ImageSizeFilter.NAME, ImageSizeFilter::of);
    FACTORIES.put(MaximumLineLengthFilter.NAME, MaximumLineLengthFilter::of);
    FACTORIES.put(PunctuationNormalizationMapper.NAME, PunctuationNormalizationMapper::of);
    FACTORIES.put(RandomSelector.NAME, RandomSelector::new);
    FACTORIES.put(RangeSpecifiedFieldSelector.NAME, RangeSpecifiedFieldSelector::new);
    FACTORIES.put(RemoveRepeatSentencesMapper.NAME, RemoveRepeatSentencesMapper::new);
    FACTORIES.put(RemoveSpecificCharsMapper.NAME, RemoveSpecificCharsMapper::of);
    FACTORIES.put(ReplaceContentMapper.NAME, ReplaceContentMapper::of);
    FACTORIES.put(SpecialCharactersFilter.NAME, SpecialCharactersFilter::of);
    FACTORIES.put(SpecifiedFieldFilter.NAME, SpecifiedFieldFilter::new);
    FACTORIES.put(SpecifiedNumericFieldFilter.NAME, SpecifiedNumericFieldFilter::new);
    FACTORIES.put(SuffixFilter.NAME, SuffixFilter::new);
    FACTORIES.put(TextLengthFilter.NAME, TextLengthFilter::of);
    FACTORIES.put(TopkSpecifiedFieldSelector.NAME, TopkSpecifiedFieldSelector::new);
    FACTORIES.put(WhitespaceNormalizationMapper.NAME, WhitespaceNormalizationMapper::of);
    FACTORIES.put(WordRepetitionFilter.NAME, WordRepetitionFilter::of);
    FACTORIES.put(WordsNumFilter.NAME, WordsNumFilter::of);
  }

  private OperatorCatalog() {}

  /** All known names, in alphabetical order. */
  public static Set<String> names() {
    return Set.copyOf(FACTORIES.keySet());
  }

  /** Makes the operator that a recipe asks for at {@code place}. */
  public static Operator create(
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
              + NearestName.hint(name, FACTORIES.keySet())
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
