package io.github.kolors4j.internal.juicer.regex;

import java.util.Map;

/**
 * A regular expression that means what it means in Python 3.11's module {@code re}, flag {@code
 * re.DOTALL} given or not. It is parsed by Python's grammar (<a
 * href="https://docs.python.org/3.11/library/re.html">re</a>), refused for Python's reasons, and
 * matched by backtracking in Python's order, so that it gives the same even where Java's own
 * expressions differ: in what {@code $}, {@code \v}, {@code \w} or {@code [a-z&&[^b]]} mean, in
 * case, in empty matches, in groups, and in characters beyond the basic plane.
 */
public final class PythonPattern {
  private final Program program;
  private final Map<String, Integer> names;

  private PythonPattern(Program program, Map<String, Integer> names) {
    this.program = program;
    this.names = names;
  }

  /**
   * Compiles an expression.
   *
   * @param dotAll whether a dot matches line feeds, too
   * @throws PatternException with Python's message, if Python refuses it
   */
  public static PythonPattern compile(String pattern, boolean dotAll, PatternDialect dialect) {
    PatternParser parser = new PatternParser(pattern, dotAll ? Flags.DOTALL : 0, dialect);
    Node.Sequence parsed = parser.parse();
    int groups = parser.groups().count();
    Program program = PatternCompiler.compile(parsed, parser.flags(), groups, dialect);
    return new PythonPattern(program, Map.copyOf(parser.groups().names()));
  }

  /**
   * {@code re.sub}, prepared.
   *
   * @throws PatternException with Python's message, if the pattern cannot give this replacement
   */
  public Substitution substitution(String replacement) {
    return Substitution.of(
        text -> new Backtracking(program, text), program.groups(), names, replacement);
  }
}
