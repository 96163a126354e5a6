package io.github.kolors4j.internal.juicer.regex;

/** The flags of {@code (?im)} and {@code (?i-m:…)}. */
final class FlagParser {
  private final PatternReader reader;
  private int added;
  private int removed;
  private boolean global;

  /** {@code first} is the token after the question mark. */
  FlagParser(PatternReader reader, String first) {
    this.reader = reader;
    String end = first.equals("-") ? first : add(first);
    if (end.equals(")")) {
      global = true;
      return;
    }
    if ((added & Flags.TEMPLATE) != 0) {
      throw reader.error("bad inline flags: cannot turn on global flag", 1);
    }
    if (end.equals("-")) {
      remove();
    }
    if ((removed & Flags.TEMPLATE) != 0) {
      throw reader.error("bad inline flags: cannot turn off global flag", 1);
    }
    if ((added & removed) != 0) {
      throw reader.error("bad inline flags: flag turned on and off", 1);
    }
  }

  /** Whether they hold for the whole expression. */
  boolean isGlobal() {
    return global;
  }

  int added() {
    return added;
  }

  int removed() {
    return removed;
  }

  private String add(String first) {
    String token = first;
    do {
      int flag = Flags.of(token);
      if (flag == Flags.LOCALE) {
        throw reader.error("bad inline flags: cannot use 'L' flag with a str pattern");
      }
      added |= flag;
      if ((flag & Flags.TYPES) != 0 && (added & Flags.TYPES) != flag) {
        throw reader.error("bad inline flags: flags 'a', 'u' and 'L' are incompatible");
      }
      token = next("missing -, : or )", ")-:");
    } while (Flags.of(token) != 0);
    return token;
  }

  private void remove() {
    String token = next("missing flag", "");
    do {
      int flag = Flags.of(token);
      if ((flag & Flags.TYPES) != 0) {
        throw reader.error("bad inline flags: cannot turn off flags 'a', 'u' and 'L'");
      }
      removed |= flag;
      token = next("missing :", ":");
    } while (!token.equals(":"));
  }

  /** A flag, or one of a few ends. */
  private String next(String missing, String ends) {
    String token = reader.get();
    if (token == null) {
      throw reader.error(missing);
    }
    if (Flags.of(token) == 0 && !ends.contains(token)) {
      boolean isLetter = token.codePoints().allMatch(PythonCharacters::isLetter);
      throw reader.error(isLetter ? "unknown flag" : missing, PatternReader.length(token));
    }
    return token;
  }
}
