package io.github.kolors4j.lab;

import io.github.kolors4j.lab.Report.Hits;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Lets a classifier judge pictures and counts where it sees what was asked for. */
final class Evaluation {
  private static final int BATCH = 16;
  private static final int SHEET = 24;

  /** What sunglasses make of the eyes: nothing to judge there. */
  private static final Map<String, String> INVISIBLE =
      Map.of("eyes", "hidden", "hairColor", "none");

  private final AttributeClassifier classifier;

  public Evaluation(AttributeClassifier classifier) {
    this.classifier = classifier;
  }

  /**
   * Judges every picture once; no more than a few are in memory at a time.
   *
   * @param source what to call them in the report
   * @throws IllegalArgumentException if there are none
   */
  public Report judge(String source, List<Sample> samples) {
    if (samples.isEmpty()) {
      throw new IllegalArgumentException(
          "There are no pictures to judge under \"" + source + "\".");
    }
    Map<String, int[]> counts = new LinkedHashMap<>();
    classifier.attributes().keySet().forEach(attribute -> counts.put(attribute, new int[2]));
    Map<String, Integer> styles = new TreeMap<>();
    List<BufferedImage> sheet = new ArrayList<>();
    for (int start = 0; start < samples.size(); start += BATCH) {
      List<Sample> batch = samples.subList(start, Math.min(samples.size(), start + BATCH));
      List<BufferedImage> pictures = batch.stream().map(sample -> sample.picture().get()).toList();
      pictures.stream().limit(SHEET - sheet.size()).forEach(sheet::add);
      List<Map<String, String>> judgements = classifier.judge(pictures);
      for (int i = 0; i < batch.size(); i++) {
        count(batch.get(i).attributes(), judgements.get(i), counts);
        styles.merge(judgements.get(i).getOrDefault("style", "any style"), 1, Integer::sum);
      }
    }
    Map<String, Hits> hits = new LinkedHashMap<>();
    counts.forEach(
        (attribute, rightAndAll) -> {
          if (rightAndAll[1] > 0) {
            hits.put(attribute, new Hits(rightAndAll[0], rightAndAll[1]));
          }
        });
    List<String> prompts = samples.stream().limit(sheet.size()).map(Sample::prompt).toList();
    return new Report(source, samples.size(), hits, styles, sheet, prompts);
  }

  private static void count(
      Map<String, String> wanted, Map<String, String> seen, Map<String, int[]> counts) {
    seen.forEach(
        (attribute, value) -> {
          String asked = wanted.get(attribute);
          if (asked != null && !asked.equals(INVISIBLE.get(attribute))) {
            int[] rightAndAll = Objects.requireNonNull(counts.get(attribute), attribute);
            rightAndAll[0] += asked.equals(value) ? 1 : 0;
            rightAndAll[1]++;
          }
        });
  }
}
