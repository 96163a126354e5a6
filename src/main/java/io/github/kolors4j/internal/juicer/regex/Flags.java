package io.github.kolors4j.internal.juicer.regex;

/** The flags of {@code re}, as bits. */
final class Flags {
  static final int TEMPLATE = 1;
  static final int IGNORECASE = 2;
  static final int LOCALE = 4;
  static final int MULTILINE = 8;
  static final int DOTALL = 16;
  static final int UNICODE = 32;
  static final int VERBOSE = 64;
  static final int ASCII = 256;

  /** Of these only one can hold. */
  static final int TYPES = ASCII | LOCALE | UNICODE;

  private Flags() {}

  /** The flag of a letter, or 0. */
  static int of(String letter) {
    return switch (letter == null ? "" : letter) {
      case "i" -> IGNORECASE;
      case "L" -> LOCALE;
      case "m" -> MULTILINE;
      case "s" -> DOTALL;
      case "x" -> VERBOSE;
      case "a" -> ASCII;
      case "t" -> TEMPLATE;
      case "u" -> UNICODE;
      default -> 0;
    };
  }

  /** Those that hold within a group that adds some and takes some away. */
  static int combine(int flags, int added, int removed) {
    int kept = (added & TYPES) == 0 ? flags : flags & ~TYPES;
    return (kept | added) & ~removed;
  }
}
