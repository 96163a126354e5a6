package io.github.kolors4j.internal.juicer.regex;

import io.github.kolors4j.internal.PythonRepr;

/** Names and numbers of groups, as patterns and replacements write them. */
final class Names {
  private Names() {}

  /**
   * {@code int(text)}: signs, blanks around it, underscores and digits of other scripts allowed.
   *
   * @return the number, at most {@link Integer#MAX_VALUE}; -1 where Python has none, or a negative
   */
  static int number(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && PythonCharacters.isSpace(text.charAt(from))) {
      from++;
    }
    while (to > from && PythonCharacters.isSpace(text.charAt(to - 1))) {
      to--;
    }
    String digits = text.substring(from, to);
    boolean negative = digits.startsWith("-");
    if (negative || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    long number = 0;
    boolean afterDigit = false;
    for (int c : digits.codePoints().toArray()) {
      if (c == '_' && afterDigit) {
        afterDigit = false;
        continue;
      }
      if (!PythonCharacters.isDigit(c)) {
        return -1;
      }
      number = Math.min(Integer.MAX_VALUE, number * 10 + Character.digit(c, 10));
      afterDigit = true;
    }
    return !afterDigit || negative && number > 0 ? -1 : (int) number;
  }

  /** Refuses a name that is none; it stands {@code back} characters and its length before. */
  static void requireIdentifier(String name, int back, PatternReader reader) {
    if (!PythonCharacters.isIdentifier(name)) {
      throw reader.error(
          "bad character in group name " + PythonRepr.of(name), PatternReader.length(name) + back);
    }
  }
}
