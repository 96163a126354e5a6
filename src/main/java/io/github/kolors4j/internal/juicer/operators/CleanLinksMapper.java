package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Sample;

/**
 * {@code clean_links_mapper}: replaces links (http, ftp, www, …) in the text, which {@link
 * LinkSearch} finds. Another regular expression can be given as {@code pattern}, in Python's syntax
 * ({@link PythonRegex}).
 */
final class CleanLinksMapper implements Mapper {
  /** The name in recipes. */
  static final String NAME = "clean_links_mapper";

  private final PythonRegex replacement;
  private final String textKey;

  /** From {@code pattern, repl, text_key}. */
  CleanLinksMapper(Parameters parameters) {
    String pattern = parameters.text("pattern", null);
    String repl = parameters.text("repl", "");
    replacement =
        pattern == null
            ? PythonRegex.of(parameters, LinkSearch::new, repl)
            : PythonRegex.of(parameters, "pattern", pattern, repl);
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
