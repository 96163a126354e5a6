package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Sample;
import io.github.kolors4j.internal.juicer.regex.PythonCharacters;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * {@code remove_repeat_sentences_mapper}: removes sentences that the text has had before. Sentences
 * end at {@code . 。 ! ！ ？ ?}, six dots or {@code ……}, and at line ends.
 */
final class RemoveRepeatSentencesMapper implements Mapper {
  /** The name in recipes. */
  static final String NAME = "remove_repeat_sentences_mapper";

  private static final Pattern SPECIAL = Pattern.compile("[^a-zA-Z0-9\u4e00-\u9fa5\n\t ]");

  /**
   * An end of a sentence, and what follows it; a closing quotation mark belongs to the sentence.
   */
  private static final List<Pattern> ENDS =
      List.of(
          Pattern.compile("([.。!！?？])([^’”])"),
          Pattern.compile("(\\.{6})([^’”])"),
          Pattern.compile("(…{2})([^’”])"),
          Pattern.compile("([.。!！?？{6}…2][’”])([^’”])"));

  private final boolean lowercase;
  private final boolean ignoreSpecial;
  private final long minLength;
  private final String textKey;

  /** From {@code lowercase, ignore_special_character, min_repeat_sentence_length, text_key}. */
  RemoveRepeatSentencesMapper(Parameters parameters) {
    lowercase = parameters.truth("lowercase", false);
    ignoreSpecial = parameters.truth("ignore_special_character", true);
    minLength = parameters.integer("min_repeat_sentence_length", 2);
    textKey = parameters.textKey();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void process(Sample sample) {
    sample.setText(textKey, removeRepeats(sample.requireText(textKey)));
  }

  private String removeRepeats(String text) {
    StringJoiner lines = new StringJoiner("\n");
    Set<String> seen = new HashSet<>();
    for (String line : text.split("\n", -1)) {
      StringBuilder kept = new StringBuilder();
      for (String sentence : split(line)) {
        String compared = PythonText.strip(sentence);
        compared = lowercase ? PythonCharacters.lower(compared) : compared;
        compared = ignoreSpecial ? SPECIAL.matcher(compared).replaceAll("") : compared;
        if (PythonText.length(compared) < minLength || seen.add(compared)) {
          kept.append(sentence);
        }
      }
      lines.add(kept);
    }
    return lines.toString();
  }

  private static String[] split(String line) {
    String split = line;
    for (Pattern end : ENDS) {
      split = end.matcher(split).replaceAll("$1\n$2");
    }
    return split.split("\n", -1);
  }
}
