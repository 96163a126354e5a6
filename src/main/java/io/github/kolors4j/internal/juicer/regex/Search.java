package io.github.kolors4j.internal.juicer.regex;

/** Looks through one text, whose characters are numbered from 0, for one match after the other. */
public interface Search {
  /**
   * Finds the first match that begins at {@code from} or later.
   *
   * @param advance whether one that begins right there must not be empty
   * @throws EndlessMatchException if that takes too long or too much memory
   */
  boolean find(int from, boolean advance);

  /** Where a group of the match begins, or -1 if it matched nothing; group 0 is the whole. */
  int start(int group);

  /** Where it ends. */
  int end(int group);
}
