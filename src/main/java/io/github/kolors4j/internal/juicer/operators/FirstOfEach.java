package io.github.kolors4j.internal.juicer.operators;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Exact deduplication: of equal fingerprints, the first stays. */
final class FirstOfEach {
  private FirstOfEach() {}

  /** For each fingerprint the index of the first that equals it; null equals nothing. */
  static int[] of(List<?> fingerprints) {
    Map<Object, Integer> first = new HashMap<>();
    int[] originals = new int[fingerprints.size()];
    for (int i = 0; i < originals.length; i++) {
      Object fingerprint = fingerprints.get(i);
      Integer earlier = fingerprint == null ? null : first.putIfAbsent(fingerprint, i);
      originals[i] = earlier == null ? i : earlier;
    }
    return originals;
  }
}
