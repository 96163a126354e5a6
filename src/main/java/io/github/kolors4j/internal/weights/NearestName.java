package io.github.kolors4j.internal.weights;

import java.util.Collection;

/** Finds the known name that a wrong one was probably meant to be, for error messages. */
public final class NearestName {

  private NearestName() {}

  /**
   * The name with the smallest edit distance (Levenshtein) to the one that was asked for.
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

  private static int distance(String a, String b) {
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
