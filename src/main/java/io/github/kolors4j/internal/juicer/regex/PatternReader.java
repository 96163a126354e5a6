package io.github.kolors4j.internal.juicer.regex;

import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads an expression character by character; a backslash and what follows it are one token. */
final class PatternReader {
  private final int[] pattern;
  private int index;
  private @Nullable String next;

  PatternReader(String pattern) {
    this.pattern = pattern.codePoints().toArray();
    advance();
  }

  private void advance() {
    if (index >= pattern.length) {
      next = null;
      return;
    }
    StringBuilder token = new StringBuilder().appendCodePoint(pattern[index++]);
    if (token.charAt(0) == '\\') {
      if (index == pattern.length) {
        throw PatternException.at(
            "bad escape (end of pattern)", pattern, Math.max(0, pattern.length - 1));
      }
      token.appendCodePoint(pattern[index++]);
    }
    next = token.toString();
  }

  /** The token to come, or null at the end. */
  @Nullable String next() {
    return next;
  }

  /** Whether this token comes. */
  boolean isNext(String token) {
    return token.equals(next);
  }

  /** Takes the token to come; null at the end. */
  @Nullable String get() {
    String token = next;
    advance();
    return token;
  }

  /** Takes the token to come, which {@link #next} has shown to be there. */
  String take() {
    return Objects.requireNonNull(get(), "a token");
  }

  /** Takes the token to come if it is this one. */
  boolean match(String token) {
    boolean matches = token.equals(next);
    if (matches) {
      advance();
    }
    return matches;
  }

  /** Takes up to {@code most} tokens of a kind. */
  String getWhile(int most, Predicate<@Nullable String> kind) {
    StringBuilder taken = new StringBuilder();
    for (int i = 0; i < most && kind.test(next); i++) {
      taken.append(take());
    }
    return taken.toString();
  }

  /** Takes everything up to a terminator, and that, too. */
  String getUntil(String terminator, String what) {
    StringBuilder taken = new StringBuilder();
    while (true) {
      String token = get();
      if (token == null) {
        throw taken.isEmpty()
            ? error("missing " + what)
            : error("missing " + terminator + ", unterminated name", length(taken.toString()));
      }
      if (token.equals(terminator)) {
        if (taken.isEmpty()) {
          throw error("missing " + what, 1);
        }
        return taken.toString();
      }
      taken.append(token);
    }
  }

  /** The place of the token to come, in characters. */
  int position() {
    return index - (next == null ? 0 : length(next));
  }

  /** Goes to a place. */
  void seek(int position) {
    index = position;
    advance();
  }

  PatternException error(String message) {
    return error(message, 0);
  }

  /** An error so many characters before the token to come. */
  PatternException error(String message, int back) {
    return PatternException.at(message, pattern, position() - back);
  }

  /** An error at a place. */
  PatternException errorAt(String message, int position) {
    return PatternException.at(message, pattern, position);
  }

  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  static boolean isDigit(@Nullable String token) {
    return isBetween(token, '0', '9');
  }

  static boolean isOctal(@Nullable String token) {
    return isBetween(token, '0', '7');
  }

  static boolean isHexadecimal(@Nullable String token) {
    return isDigit(token) || isBetween(token, 'a', 'f') || isBetween(token, 'A', 'F');
  }

  static boolean isAsciiLetter(@Nullable String token) {
    return isBetween(token, 'a', 'z') || isBetween(token, 'A', 'Z');
  }

  private static boolean isBetween(@Nullable String token, char first, char last) {
    return token != null
        && token.length() == 1
        && token.charAt(0) >= first
        && token.charAt(0) <= last;
  }
}
