package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.regex.PythonCharacters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/**
 * What Python's {@code str} does where Java's {@code String} does otherwise: it counts code points,
 * and it has its own ideas of white space, lines and numbers.
 */
final class PythonText {
  private static final Pattern NUMBER =
      Pattern.compile(
          "[+-]?(?:(?:\\d+(?:_\\d+)*(?:\\.(?:\\d+(?:_\\d+)*)?)?|\\.\\d+(?:_\\d+)*)"
              + "(?:[eE][+-]?\\d+(?:_\\d+)*)?|(?i:inf|infinity|nan))");

  private PythonText() {}

  /** {@code len(text)}: characters outside the basic plane (most emoji) count once. */
  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /** {@code text.strip()}. */
  static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && PythonCharacters.isSpace(text.charAt(from))) {
      from++;
    }
    while (to > from && PythonCharacters.isSpace(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  /** {@code text.splitlines()}: a line's end is not part of it, and starts no empty last line. */
  static List<String> lines(String text) {
    List<String> lines = new ArrayList<>();
    int start = 0;
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i++);
      if (endsLine(c)) {
        lines.add(text.substring(start, i - 1));
        if (c == '\r' && i < text.length() && text.charAt(i) == '\n') {
          i++;
        }
        start = i;
      }
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return lines;
  }

  private static boolean endsLine(char c) {
    return c >= 0x0a && c <= 0x0d
        || c >= 0x1c && c <= 0x1e
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  /** {@code float(text)}; empty where Python raises a ValueError. */
  static OptionalDouble number(String text) {
    StringBuilder ascii = new StringBuilder();
    strip(text)
        .codePoints()
        .map(c -> PythonCharacters.isDigit(c) ? '0' + Character.digit(c, 10) : c)
        .forEach(ascii::appendCodePoint);
    if (!NUMBER.matcher(ascii).matches()) {
      return OptionalDouble.empty();
    }
    String number = ascii.toString().replace("_", "").toLowerCase(Locale.ROOT);
    String digits = number.replaceFirst("^[+-]", "");
    if (digits.equals("nan")) {
      return OptionalDouble.of(Double.NaN);
    }
    if (digits.startsWith("inf")) {
      return OptionalDouble.of(
          number.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    }
    return OptionalDouble.of(Double.parseDouble(number));
  }
}
