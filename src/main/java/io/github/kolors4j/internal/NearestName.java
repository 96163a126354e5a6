package io.github.kolors4j.internal;

import java.util.Collection;

/** Finds the known name that a wrong one was probably meant to be, for error messages. */
public final class NearestName {

  private NearestName() {}

  /**
   * The name with the smallest {@link #distance} to the one that was asked for.
   *
   * @return the nearest name, or an empty text if {@code known} is empty
   */
  public static String of(String wrong, Collection<String> known) {
    String nearest = "";
    int smallest = Integer.MAX_VALUE;
    for (String candidate : known) {
      if (Math.abs(candidate.length() - wrong.length()) < smallest) {
        int distance = distance(wrong, candidate);
        if (distance < smallest) {
          smallest = distance;
          nearest = candidate;
        }
      }
    }
    return nearest;
  }

  /** {@code ". Did you mean \"…\"?"}, or {@code "."} if nothing known is near. */
  public static String hint(String wrong, Collection<String> known) {
    String nearest = of(wrong, known);
    return !known.isEmpty() && distance(wrong, nearest) <= Math.max(2, wrong.length() / 2)
        ? ". Did you mean \"" + nearest + "\"?"
        : ".";
  }

  /** Levenshtein's: insertions, deletions and replacements that turn one text into the other. */
  public static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(previous[j], row[j - 1]));
      }
      previous = row;
    }
    return previous[b.length()];
  }
}
