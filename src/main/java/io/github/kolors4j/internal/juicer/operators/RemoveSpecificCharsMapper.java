package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Parameters;
import java.util.List;

/**
 * {@code remove_specific_chars_mapper}: removes characters from the text. As in data-juicer the
 * characters become a character class, in which {@code |} is one of them as soon as there are two,
 * and {@code a-z} or {@code \d} mean what they mean there.
 */
final class RemoveSpecificCharsMapper {
  /** The name in recipes. */
  static final String NAME = "remove_specific_chars_mapper";

  private static final String CHARACTERS = "◆●■►▼▲▴∆▻▷❖♡□";

  private RemoveSpecificCharsMapper() {}

  /** From {@code chars_to_remove, text_key}. */
  static Mapper of(Parameters parameters) {
    List<String> characters = parameters.texts("chars_to_remove", List.of(CHARACTERS));
    if (characters.size() == 1) {
      characters = characters.get(0).codePoints().mapToObj(Character::toString).toList();
    }
    if (characters.isEmpty()) {
      return new TextMapper(NAME, parameters.textKey(), text -> text);
    }
    String pattern = "[" + String.join("|", characters) + "]";
    PythonRegex removal = PythonRegex.of(parameters, "chars_to_remove", pattern, "");
    return new TextMapper(NAME, parameters.textKey(), removal::apply);
  }
}
