package io.github.kolors4j.internal.juicer.regex;

/** What is no regular expression, or no replacement, in Python; the message is Python's. */
public final class PatternException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  PatternException(String message) {
    super(message);
  }

  /** Names the place as Python does: in characters, and in lines where there are several. */
  static PatternException at(String message, int[] pattern, int position) {
    int line = 1;
    int lineStart = -1;
    boolean hasLines = false;
    for (int i = 0; i < pattern.length; i++) {
      if (pattern[i] == '\n') {
        hasLines = true;
        if (i < position) {
          line++;
          lineStart = i;
        }
      }
    }
    String place = " at position " + position;
    return new PatternException(
        hasLines
            ? message + place + " (line " + line + ", column " + (position - lineStart) + ")"
            : message + place);
  }
}
