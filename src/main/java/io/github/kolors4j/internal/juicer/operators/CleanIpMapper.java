package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Parameters;

/**
 * {@code clean_ip_mapper}: replaces IP addresses, of versions 4 and 6 in the text. Another regular
 * expression can be given as {@code pattern}, in Python's syntax ({@link PythonRegex}).
 */
final class CleanIpMapper {
  /** The name in recipes. */
  static final String NAME = "clean_ip_mapper";

  private static final String PATTERN =
      "(?:(?:1[0-9][0-9]\\.)|(?:2[0-4][0-9]\\.)|"
          + "(?:25[0-5]\\.)|(?:[1-9][0-9]\\.)|(?:[0-9]\\.))"
          + "{3}(?:(?:1[0-9][0-9])|(?:2[0-4][0-9])|"
          + "(?:25[0-5])|(?:[1-9][0-9])|(?:[0-9]))|"
          + "([\\da-fA-F]{1,4}:){7}[\\da-fA-F]{1,4}";

  private CleanIpMapper() {}

  /** From {@code pattern, repl, text_key}. */
  static Mapper of(Parameters parameters) {
    return PythonRegex.mapper(NAME, parameters, PATTERN);
  }
}
