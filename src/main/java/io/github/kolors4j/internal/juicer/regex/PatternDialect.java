package io.github.kolors4j.internal.juicer.regex;

/** Which of Python's two modules reads an expression. */
public enum PatternDialect {
  /** The standard library's {@code re}. */
  RE,

  /**
   * The package {@code regex}, which knows {@code \p{…}}, {@code \h} and {@code (?<name>…)} besides
   * and has Unicode's own idea of a word's characters, combining marks among them. What it adds
   * beyond that is refused.
   */
  REGEX
}
