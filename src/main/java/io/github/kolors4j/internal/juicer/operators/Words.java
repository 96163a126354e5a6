package io.github.kolors4j.internal.juicer.operators;

import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;

/**
 * A text's words as data-juicer counts them ({@code ops/common/helper_func.py}): split at spaces,
 * tabs and line feeds, with {@link SpecialCharacters} cut off at both ends. Chinese, which puts no
 * spaces between words, comes out as one word a run.
 */
final class Words {
  private Words() {}

  /** The words that have something left when the special characters are gone. */
  static List<String> of(String text) {
    List<String> words = new ArrayList<>();
    StringTokenizer parts = new StringTokenizer(text, " \n\t");
    while (parts.hasMoreTokens()) {
      String word = SpecialCharacters.strip(parts.nextToken());
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }
}
