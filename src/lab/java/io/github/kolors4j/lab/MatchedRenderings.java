package io.github.kolors4j.lab;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * For each of the samples that are to be judged, a rendering in the same style that agrees with
 * what was asked for in as many attributes as can be; so that pictures are compared with renderings
 * that show the same, and not with others.
 */
final class MatchedRenderings {
  private final List<Sample> renderings;
  private final Set<Sample> taken = new HashSet<>();

  MatchedRenderings(List<Sample> renderings) {
    this.renderings = renderings;
  }

  /**
   * Other renderings at each call: none is given twice before all of its style were.
   *
   * @throws IllegalArgumentException if there are none in a style that is asked for
   */
  List<Sample> of(List<Sample> wanted) {
    List<Sample> matches = new ArrayList<>();
    for (Sample sample : wanted) {
      if (renderings.stream().noneMatch(r -> free(sample, r))) {
        taken.removeIf(rendering -> sameStyle(sample, rendering));
      }
      Sample best =
          renderings.stream()
              .filter(rendering -> free(sample, rendering))
              .max(Comparator.comparingLong(rendering -> common(sample, rendering)))
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "The corpus has no renderings in the style "
                              + sample.attributes().get("style")
                              + " to compare the pictures with."));
      taken.add(best);
      matches.add(best);
    }
    return matches;
  }

  private boolean free(Sample sample, Sample rendering) {
    return sameStyle(sample, rendering) && !taken.contains(rendering);
  }

  private static boolean sameStyle(Sample one, Sample other) {
    String style = one.attributes().get("style");
    return style == null || style.equals(other.attributes().get("style"));
  }

  private static long common(Sample wanted, Sample rendering) {
    Map<String, String> shown = rendering.attributes();
    return wanted.attributes().entrySet().stream()
        .filter(asked -> asked.getValue().equals(shown.get(asked.getKey())))
        .count();
  }
}
