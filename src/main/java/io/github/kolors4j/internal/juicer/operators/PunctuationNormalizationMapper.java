package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Parameters;
import java.util.Map;

/**
 * {@code punctuation_normalization_mapper}: replaces punctuation of other scripts by that of
 * English. (The full-width digit １ becomes a quotation mark: that is in data-juicer's list.)
 */
final class PunctuationNormalizationMapper {
  /** The name in recipes. */
  static final String NAME = "punctuation_normalization_mapper";

  private static final Map<String, String> ENGLISH =
      Map.ofEntries(
          Map.entry("，", ","),
          Map.entry("。", "."),
          Map.entry("、", ","),
          Map.entry("„", "\""),
          Map.entry("”", "\""),
          Map.entry("“", "\""),
          Map.entry("«", "\""),
          Map.entry("»", "\""),
          Map.entry("１", "\""),
          Map.entry("」", "\""),
          Map.entry("「", "\""),
          Map.entry("《", "\""),
          Map.entry("》", "\""),
          Map.entry("´", "'"),
          Map.entry("∶", ":"),
          Map.entry("：", ":"),
          Map.entry("？", "?"),
          Map.entry("！", "!"),
          Map.entry("（", "("),
          Map.entry("）", ")"),
          Map.entry("；", ";"),
          Map.entry("–", "-"),
          Map.entry("—", " - "),
          Map.entry("．", ". "),
          Map.entry("～", "~"),
          Map.entry("’", "'"),
          Map.entry("…", "..."),
          Map.entry("━", "-"),
          Map.entry("〈", "<"),
          Map.entry("〉", ">"),
          Map.entry("【", "["),
          Map.entry("】", "]"),
          Map.entry("％", "%"),
          Map.entry("►", "-"));

  private PunctuationNormalizationMapper() {}

  /** From {@code text_key}. */
  static Mapper of(Parameters parameters) {
    return new TextMapper(NAME, parameters.textKey(), PunctuationNormalizationMapper::normalize);
  }

  private static String normalize(String text) {
    StringBuilder normal = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      String character = text.substring(i, i + 1);
      normal.append(ENGLISH.getOrDefault(character, character));
    }
    return normal.toString();
  }
}
