package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Parameters;

/**
 * {@code clean_email_mapper}: replaces e-mail addresses in the text. Another regular expression can
 * be given as {@code pattern}, in Python's syntax ({@link PythonRegex}).
 */
final class CleanEmailMapper {
  /** The name in recipes. */
  static final String NAME = "clean_email_mapper";

  private static final String PATTERN = "[A-Za-z0-9.\\-+_]+@[a-z0-9.\\-+_]+\\.[a-z]+";

  private CleanEmailMapper() {}

  /** From {@code pattern, repl, text_key}. */
  static Mapper of(Parameters parameters) {
    return PythonRegex.mapper(NAME, parameters, PATTERN);
  }
}
