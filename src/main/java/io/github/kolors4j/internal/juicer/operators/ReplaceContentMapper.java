package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Sample;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code replace_content_mapper}: replaces whatever matches a regular expression, or each of
 * several, one after the other; the replacement is one text for all or a list of as many. Python's
 * syntax ({@link PythonRegex}).
 */
final class ReplaceContentMapper implements Mapper {
  /** The name in recipes. */
  static final String NAME = "replace_content_mapper";

  private final List<PythonRegex> replacements = new ArrayList<>();
  private final String textKey;

  /** From {@code pattern, repl, text_key}. */
  ReplaceContentMapper(Parameters parameters) {
    List<String> patterns = parameters.texts("pattern", List.of());
    List<String> texts = parameters.texts("repl", List.of(""));
    if (texts.size() != 1 && texts.size() < patterns.size()) {
      throw parameters.error(
          "repl", "has " + texts.size() + " texts for " + patterns.size() + " patterns.");
    }
    for (int i = 0; i < patterns.size(); i++) {
      replacements.add(
          PythonRegex.of(
              parameters, "pattern", patterns.get(i), texts.get(texts.size() == 1 ? 0 : i)));
    }
    textKey = parameters.textKey();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void process(Sample sample) {
    sample.setText(textKey, replace(sample.text(textKey)));
  }

  private String replace(String text) {
    String replaced = text;
    for (PythonRegex replacement : replacements) {
      replaced = replacement.apply(replaced);
    }
    return replaced;
  }
}
