package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Parameters;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code replace_content_mapper}: replaces whatever matches a regular expression, or each of
 * several, one after the other; the replacement is one text for all or a list of as many. Python's
 * syntax ({@link PythonRegex}).
 */
final class ReplaceContentMapper {
  /** The name in recipes. */
  static final String NAME = "replace_content_mapper";

  private ReplaceContentMapper() {}

  /** From {@code pattern, repl, text_key}. */
  static Mapper of(Parameters parameters) {
    List<String> patterns = parameters.texts("pattern", List.of());
    List<String> texts = parameters.texts("repl", List.of(""));
    if (texts.size() != 1 && texts.size() < patterns.size()) {
      throw parameters.error(
          "repl", "has " + texts.size() + " texts for " + patterns.size() + " patterns.");
    }
    List<PythonRegex> replacements = new ArrayList<>();
    for (int i = 0; i < patterns.size(); i++) {
      replacements.add(
          PythonRegex.of(
              parameters, "pattern", patterns.get(i), texts.get(texts.size() == 1 ? 0 : i)));
    }
    return new TextMapper(NAME, parameters.textKey(), text -> replace(text, replacements));
  }

  private static String replace(String text, List<PythonRegex> replacements) {
    String replaced = text;
    for (PythonRegex replacement : replacements) {
      replaced = replacement.apply(replaced);
    }
    return replaced;
  }
}
