package io.github.kolors4j.juicer.operators;

import io.github.kolors4j.juicer.Mapper;
import io.github.kolors4j.juicer.Parameters;
import io.github.kolors4j.juicer.Sample;

/**
 * {@code clean_links_mapper}: replaces links (http, ftp, www, …) in the text. Another regular
 * expression can be given as {@code pattern}, in Python's syntax ({@link PythonRegex}).
 */
public final class CleanLinksMapper implements Mapper {
  /** The name in recipes. */
  public static final String NAME = "clean_links_mapper";

  /** Punctuation that is part of a link, but not its end. */
  private static final String PUNCTUATION = "[`!\\[\\]{};:'\".,?«»“”‘’]";

  private static final String OTHER = "[^\\s`!()\\[\\]{};:'\".,<>?«»“”‘’]";

  /** Brackets, and brackets within brackets. */
  private static final String BRACKETS = "\\((?:[^\\s()<>]++|\\([^\\s()<>]++\\))*+\\)";

  private static final String END = "(?:" + OTHER + "++|" + BRACKETS + ")";
  private static final String REST = "(?:" + PUNCTUATION + "*+" + END + ")";

  /**
   * Data-juicer's expression (John Gruber's), written so that no text makes it try exponentially
   * many ways: what follows the start is at least two characters or brackets, the last no
   * punctuation.
   */
  private static final String PATTERN =
      "(?i)\\b((?:[a-z][\\w-]+:(?:/{1,3}|[a-z0-9%])|www\\d{0,3}[.]|[a-z0-9.\\-]+[.][a-z]{2,4}/)(?:"
          + (PUNCTUATION + "++" + END + REST + "*+|")
          + (OTHER + REST + "++|")
          + (BRACKETS + REST + "++))");

  private final PythonRegex replacement;
  private final String textKey;

  /** From {@code pattern, repl, text_key}. */
  public CleanLinksMapper(Parameters parameters) {
    replacement =
        PythonRegex.of(
            parameters,
            "pattern",
            parameters.text("pattern", PATTERN),
            parameters.text("repl", ""));
    textKey = parameters.textKey();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void process(Sample sample) {
    sample.setText(textKey, replacement.apply(sample.text(textKey)));
  }
}
