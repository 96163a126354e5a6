package io.github.kolors4j.internal.juicer.regex;

import io.github.kolors4j.internal.PythonRepr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A replacement: text, and groups such as {@code \1} and {@code \g<name>}. */
final class Template {
  /** A {@link String}, or an {@link Integer} for a group. */
  private final List<Object> parts = new ArrayList<>();

  private final PatternReader reader;
  private final int groups;
  private final StringBuilder literal = new StringBuilder();

  /**
   * Parses a replacement.
   *
   * @throws PatternException if it refers to a group that is not there, or escapes what has no
   *     meaning
   */
  Template(String template, Map<String, Integer> names, int groups) {
    this.reader = new PatternReader(template);
    this.groups = groups;
    for (String token = reader.get(); token != null; token = reader.get()) {
      if (token.charAt(0) == '\\') {
        escape(token, token.substring(1), names);
      } else {
        literal.append(token);
      }
    }
    finishLiteral();
  }

  private void finishLiteral() {
    if (literal.length() > 0) {
      parts.add(literal.toString());
      literal.setLength(0);
    }
  }

  private void escape(String token, String letter, Map<String, Integer> names) {
    if (letter.equals("g")) {
      named(names);
    } else if (letter.equals("0")) {
      String digits = "0" + reader.getWhile(2, PatternReader::isOctal);
      literal.append((char) (Integer.parseInt(digits, 8) & 0xff));
    } else if (PatternReader.isDigit(letter)) {
      octalOrGroup(token);
    } else {
      int control = EscapeParser.control(token);
      if (control < 0 && PatternReader.isAsciiLetter(letter)) {
        throw reader.error("bad escape " + token, token.length());
      }
      literal.append(control < 0 ? token : String.valueOf((char) control));
    }
  }

  private void octalOrGroup(String token) {
    String digits = token;
    if (PatternReader.isDigit(reader.next())) {
      digits += reader.get();
      if (PatternReader.isOctal(digits.substring(1, 2))
          && PatternReader.isOctal(digits.substring(2))
          && PatternReader.isOctal(reader.next())) {
        digits += reader.get();
        int c = Integer.parseInt(digits.substring(1), 8);
        if (c > 0xff) {
          throw reader.error(
              "octal escape value " + digits + " outside of range 0-0o377", digits.length());
        }
        literal.append((char) c);
        return;
      }
    }
    add(Integer.parseInt(digits.substring(1)), digits.length() - 1);
  }

  private void named(Map<String, Integer> names) {
    if (!reader.match("<")) {
      throw reader.error("missing <");
    }
    String name = reader.getUntil(">", "group name");
    int length = PatternReader.length(name) + 1;
    if (PythonCharacters.isIdentifier(name)) {
      Integer number = names.get(name);
      if (number == null) {
        throw new PatternException("unknown group name " + PythonRepr.of(name));
      }
      add(number, length);
      return;
    }
    int number = Names.number(name);
    if (number < 0) {
      throw reader.error("bad character in group name " + PythonRepr.of(name), length);
    }
    add(number, length);
  }

  private void add(int group, int back) {
    if (group > groups) {
      throw reader.error("invalid group reference " + group, back);
    }
    finishLiteral();
    parts.add(group);
  }

  /** Appends what it gives for a match; a group that matched nothing gives nothing. */
  void append(StringBuilder out, int[] text, Search match) {
    for (Object part : parts) {
      if (part instanceof String words) {
        out.append(words);
      } else {
        int group = (Integer) part;
        int from = match.start(group);
        if (from >= 0) {
          out.append(new String(text, from, match.end(group) - from));
        }
      }
    }
  }
}
