package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Sample;

/**
 * {@code clean_email_mapper}: replaces e-mail addresses in the text. Another regular expression can
 * be given as {@code pattern}, in Python's syntax ({@link PythonRegex}).
 */
final class CleanEmailMapper implements Mapper {
  /** The name in recipes. */
  static final String NAME = "clean_email_mapper";

  private static final String PATTERN = "[A-Za-z0-9.\\-+_]+@[a-z0-9.\\-+_]+\\.[a-z]+";

  private final PythonRegex replacement;
  private final String textKey;

  /** From {@code pattern, repl, text_key}. */
  CleanEmailMapper(Parameters parameters) {
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
