package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.regex.PatternDialect;
import io.github.kolors4j.internal.juicer.regex.PatternException;
import io.github.kolors4j.internal.juicer.regex.PythonPattern;
import io.github.kolors4j.internal.juicer.regex.Search;
import io.github.kolors4j.internal.juicer.regex.Substitution;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** A regular expression and its replacement as a recipe has them ({@link PythonPattern}). */
final class PythonRegex {
  private final Substitution substitution;

  private PythonRegex(Substitution substitution) {
    this.substitution = substitution;
  }

  /**
   * {@code re.sub} with the flag {@code re.DOTALL}; an expression that is none is reported as the
   * value of {@code parameter}.
   */
  static PythonRegex of(
      Parameters parameters, String parameter, String pattern, String replacement) {
    return of(parameters, parameter, pattern, replacement, PatternDialect.RE, true);
  }

  /** Same, of either module, and with the flag or without. */
  static PythonRegex of(
      Parameters parameters,
      String parameter,
      String pattern,
      String replacement,
      PatternDialect dialect,
      boolean dotAll) {
    PythonPattern compiled;
    try {
      compiled = PythonPattern.compile(withoutQuotes(pattern), dotAll, dialect);
    } catch (PatternException e) {
      throw parameters.error(
          parameter, "is no regular expression of Python: " + e.getMessage() + "." + remedy(e));
    }
    return replacing(parameters, replacement, compiled::substitution);
  }

  /** Replaces what a search of our own finds, in which group 1 is the whole. */
  static PythonRegex of(Parameters parameters, Function<int[], Search> search, String replacement) {
    return replacing(parameters, replacement, text -> Substitution.of(search, 1, Map.of(), text));
  }

  private static PythonRegex replacing(
      Parameters parameters, String replacement, Function<String, Substitution> made) {
    try {
      return new PythonRegex(made.apply(replacement));
    } catch (PatternException e) {
      throw parameters.error(
          "repl",
          "is \"" + replacement + "\", which the pattern cannot give: " + e.getMessage() + ".");
    }
  }

  /** What to write instead of what other languages have. */
  private static String remedy(PatternException e) {
    String message = Objects.requireNonNull(e.getMessage(), "Python's message");
    if (message.startsWith("bad escape \\p")) {
      return " Letters of all scripts are [^\\W\\d_] in Python, Chinese characters [\\u4e00-\\u9fff].";
    }
    if (message.startsWith("unknown extension ?<")) {
      return " Python names a group as (?P<name>…).";
    }
    return message.startsWith("global flags not") ? " Write them first, or as (?i:…)." : "";
  }

  /** {@code r'…'} around an expression, as some recipes have it, is taken off. */
  private static String withoutQuotes(String pattern) {
    boolean quoted =
        pattern.startsWith("r'") && pattern.endsWith("'")
            || pattern.startsWith("r\"") && pattern.endsWith("\"");
    return quoted && pattern.length() > 2 ? pattern.substring(2, pattern.length() - 1) : pattern;
  }

  /** A mapper from {@code pattern, repl, text_key} that replaces whatever matches. */
  static Mapper mapper(String name, Parameters parameters, String defaultPattern) {
    String pattern = parameters.text("pattern", defaultPattern);
    PythonRegex regex = of(parameters, "pattern", pattern, parameters.text("repl", ""));
    return new TextMapper(name, parameters.textKey(), regex::apply);
  }

  /** The text with every match replaced. */
  String apply(String text) {
    return substitution.apply(text);
  }
}
