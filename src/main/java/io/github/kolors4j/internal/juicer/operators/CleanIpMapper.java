package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Sample;

/**
 * {@code clean_ip_mapper}: replaces IP addresses, of versions 4 and 6 in the text. Another regular
 * expression can be given as {@code pattern}, in Python's syntax ({@link PythonRegex}).
 */
final class CleanIpMapper implements Mapper {
  /** The name in recipes. */
  static final String NAME = "clean_ip_mapper";

  private static final String PATTERN =
      "(?:(?:1[0-9][0-9]\\.)|(?:2[0-4][0-9]\\.)|"
          + "(?:25[0-5]\\.)|(?:[1-9][0-9]\\.)|(?:[0-9]\\.))"
          + "{3}(?:(?:1[0-9][0-9])|(?:2[0-4][0-9])|"
          + "(?:25[0-5])|(?:[1-9][0-9])|(?:[0-9]))|"
          + "([\\da-fA-F]{1,4}:){7}[\\da-fA-F]{1,4}";

  private final PythonRegex replacement;
  private final String textKey;

  /** From {@code pattern, repl, text_key}. */
  CleanIpMapper(Parameters parameters) {
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
