package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Parameters;
import java.util.Optional;

/**
 * {@code clean_links_mapper}: replaces links (http, ftp, www, …) in the text, which {@link
 * LinkSearch} finds. Another regular expression can be given as {@code pattern}, in Python's syntax
 * ({@link PythonRegex}).
 */
final class CleanLinksMapper {
  /** The name in recipes. */
  static final String NAME = "clean_links_mapper";

  private CleanLinksMapper() {}

  /** From {@code pattern, repl, text_key}. */
  static Mapper of(Parameters parameters) {
    Optional<String> pattern = parameters.optionalText("pattern");
    String repl = parameters.text("repl", "");
    PythonRegex replacement =
        pattern.isEmpty()
            ? PythonRegex.of(parameters, LinkSearch::new, repl)
            : PythonRegex.of(parameters, "pattern", pattern.get(), repl);
    return new TextMapper(NAME, parameters.textKey(), replacement::apply);
  }
}
