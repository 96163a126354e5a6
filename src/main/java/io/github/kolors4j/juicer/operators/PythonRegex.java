package io.github.kolors4j.juicer.operators;

import io.github.kolors4j.juicer.Parameters;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression and its replacement as a recipe has them, in Python's syntax: {@code \w, \d,
 * \s, \b} know all scripts, a dot matches line ends too, and a replacement refers to groups as
 * {@code \1} or {@code \g<name>}, while {@code $} means itself.
 */
final class PythonRegex {
  private final Pattern pattern;
  private final String replacement;

  private PythonRegex(Pattern pattern, String replacement) {
    this.pattern = pattern;
    this.replacement = replacement;
  }

  /** Compiles; an expression that is none is reported as the value of {@code parameter}. */
  static PythonRegex of(
      Parameters parameters, String parameter, String pattern, String replacement) {
    Pattern compiled;
    try {
      compiled = pattern(pattern);
    } catch (PatternSyntaxException e) {
      throw parameters.error(parameter, "is no regular expression: " + e.getDescription() + ".");
    }
    try {
      PythonRegex regex = new PythonRegex(compiled, javaReplacement(replacement));
      // A replacement may name a group that the pattern lacks: better said now than at a match.
      Pattern.compile("(?:" + regex.pattern.pattern() + ")?", regex.pattern.flags())
          .matcher("")
          .replaceFirst(regex.replacement);
      return regex;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw parameters.error(
          "repl", "is \"" + replacement + "\", which the pattern cannot give: " + e.getMessage());
    }
  }

  /** A pattern alone; {@code r'…'} around it, as some recipes have it, is taken off. */
  static Pattern pattern(String python) {
    String expression = python;
    boolean raw = python.startsWith("r'") && python.endsWith("'");
    if (python.length() > 2 && (raw || python.startsWith("r\"") && python.endsWith("\""))) {
      expression = python.substring(2, python.length() - 1);
    }
    return Pattern.compile(
        javaPattern(expression), Pattern.DOTALL | Pattern.UNICODE_CHARACTER_CLASS);
  }

  /** The text with every match replaced. */
  String apply(String text) {
    return pattern.matcher(text).replaceAll(replacement);
  }

  /** Java nests and intersects character classes, where Python means the characters themselves. */
  private static String javaPattern(String python) {
    StringBuilder java = new StringBuilder();
    boolean inClass = false;
    for (int i = 0; i < python.length(); i++) {
      char c = python.charAt(i);
      if (c == '\\' && i + 1 < python.length()) {
        char escaped = python.charAt(++i);
        java.append(escaped == 'Z' ? "\\z" : "\\" + escaped);
      } else if (inClass) {
        if (c == '[' || c == '&') {
          java.append('\\');
        }
        inClass = c != ']';
        java.append(c);
      } else if (c == '[') {
        inClass = true;
        java.append(c);
        if (python.startsWith("^", i + 1)) {
          java.append('^');
          i++;
        }
        // A bracket that closes at once is one of the characters.
        if (python.startsWith("]", i + 1)) {
          java.append("\\]");
          i++;
        }
      } else if (python.startsWith("(?P<", i)) {
        java.append("(?<");
        i += 3;
      } else if (python.startsWith("(?P=", i)) {
        int end = python.indexOf(')', i);
        java.append("\\k<").append(python, i + 4, Math.max(i + 4, end)).append('>');
        i = Math.max(i + 4, end);
      } else {
        java.append(c);
      }
    }
    return java.toString();
  }

  private static String javaReplacement(String python) {
    StringBuilder java = new StringBuilder();
    Matcher parts =
        Pattern.compile("\\\\g<(\\w+)>|\\\\(\\d{1,2})|\\\\n|\\\\t|\\\\r|\\\\\\\\|.", Pattern.DOTALL)
            .matcher(python);
    while (parts.find()) {
      String name = parts.group(1);
      if (name != null) {
        java.append(name.matches("\\d+") ? "$" + name : "${" + name + "}");
      } else if (parts.group(2) != null) {
        java.append('$').append(parts.group(2));
      } else {
        java.append(
            Matcher.quoteReplacement(
                switch (parts.group()) {
                  case "\\n" -> "\n";
                  case "\\t" -> "\t";
                  case "\\r" -> "\r";
                  case "\\\\" -> "\\";
                  default -> parts.group();
                }));
      }
    }
    return java.toString();
  }
}
