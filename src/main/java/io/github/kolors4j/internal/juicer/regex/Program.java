package io.github.kolors4j.internal.juicer.regex;

import org.jspecify.annotations.Nullable;

/**
 * A compiled expression: instructions for {@link Backtracking}, which are an operation and its
 * operands each.
 *
 * @param code the instructions
 * @param tests what {@code TEST} and the repetitions of single characters refer to
 * @param groups how many groups capture
 * @param loops how many registers beyond those of the groups it uses
 * @param start what the first character of a match has to be, or null
 * @param anchored whether a match can begin at the text's beginning only
 * @param skipping whether it begins with a run of characters after which, if it fails, no match can
 *     begin within the same run either
 */
record Program(
    int[] code,
    CharacterTest[] tests,
    int groups,
    int loops,
    @Nullable CharacterTest start,
    boolean anchored,
    boolean skipping) {

  /** The end: a match. */
  static final int MATCH = 0;

  /** A character: {@code c}. */
  static final int CHARACTER = 1;

  /** A character that passes a test: {@code test}. */
  static final int TEST = 2;

  /** Beginning of the text. */
  static final int BEGINNING = 3;

  /** Beginning of a line. */
  static final int LINE_BEGINNING = 4;

  /** End of the text. */
  static final int END = 5;

  /** End of the text, or before a line feed that ends it. */
  static final int LAST_END = 6;

  /** End of a line. */
  static final int LINE_END = 7;

  /** Between a word and none: {@code test}. */
  static final int BOUNDARY = 8;

  /** Not between a word and none: {@code test}. */
  static final int NO_BOUNDARY = 9;

  /** Notes the place: {@code register}. */
  static final int SAVE = 10;

  /** Goes on elsewhere: {@code target}. */
  static final int JUMP = 11;

  /** Goes on here, and else there: {@code target}. */
  static final int CHOICE = 12;

  /** A run of single characters: {@code test, least, most}; most is -1 without an upper bound. */
  static final int RUN = 13;

  /** Same, as short as can be. */
  static final int LAZY_RUN = 14;

  /** Same, and nothing is given back. */
  static final int POSSESSIVE_RUN = 15;

  /** Begins a repetition: {@code register, target} of its {@code UNTIL}. */
  static final int REPEAT = 16;

  /** Decides about one more: {@code register, least, most, target} of what is repeated. */
  static final int UNTIL = 17;

  /** Same, as few as can be. */
  static final int LAZY_UNTIL = 18;

  /** Goes into a lazy repetition once more: {@code register, target}. */
  static final int ONCE_MORE = 19;

  /** Begins what is tried in one way only: {@code register}. */
  static final int ATOMIC = 20;

  /** Ends it: {@code register}. */
  static final int ATOMIC_END = 21;

  /** Begins a look ahead or behind: {@code register, width} behind. */
  static final int LOOK = 22;

  /** Ends it: {@code register}. */
  static final int LOOK_END = 23;

  /** Begins what must not match: {@code register, width, target}. */
  static final int LOOK_NOT = 24;

  /** Ends it, having matched: {@code register}. */
  static final int LOOK_NOT_END = 25;

  /** What a group matched: {@code group, folding} (0 none, 1 ASCII, 2 all). */
  static final int REFERENCE = 26;

  /** Goes elsewhere if a group has not matched: {@code group, target}. */
  static final int UNLESS = 27;
}
