package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Sample;
import java.util.List;

/**
 * {@code remove_specific_chars_mapper}: removes characters from the text. As in data-juicer the
 * characters become a character class, in which {@code |} is one of them as soon as there are two,
 * and {@code a-z} or {@code \d} mean what they mean there.
 */
final class RemoveSpecificCharsMapper implements Mapper {
  /** The name in recipes. */
  static final String NAME = "remove_specific_chars_mapper";

  private static final String CHARACTERS = "◆●■►▼▲▴∆▻▷❖♡□";

  /** Null if nothing is to be removed. */
  private final PythonRegex replacement;

  private final String textKey;

  /** From {@code chars_to_remove, text_key}. */
  RemoveSpecificCharsMapper(Parameters parameters) {
    List<String> characters = parameters.texts("chars_to_remove", List.of(CHARACTERS));
    if (characters.size() == 1) {
      characters = characters.get(0).codePoints().mapToObj(Character::toString).toList();
    }
    replacement =
        characters.isEmpty()
            ? null
            : PythonRegex.of(
                parameters, "chars_to_remove", "[" + String.join("|", characters) + "]", "");
    textKey = parameters.textKey();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void process(Sample sample) {
    sample.setText(textKey, remove(sample.text(textKey)));
  }

  private String remove(String text) {
    return replacement == null ? text : replacement.apply(text);
  }
}
