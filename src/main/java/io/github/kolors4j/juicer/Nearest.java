package io.github.kolors4j.juicer;

import java.util.Collection;
import java.util.Comparator;

/** Finds what a learner probably meant. */
final class Nearest {
  private Nearest() {}

  /** {@code ". Did you mean \"…\"?"}, or {@code "."} if nothing known is near. */
  static String hint(String name, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(word -> distance(name, word)))
        .filter(word -> distance(name, word) <= Math.max(2, name.length() / 2))
        .map(word -> ". Did you mean \"" + word + "\"?")
        .orElse(".");
  }

  /** Levenshtein's distance: insertions, deletions and replacements from one to the other. */
  static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
