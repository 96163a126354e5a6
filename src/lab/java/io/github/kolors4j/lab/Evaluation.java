package io.github.kolors4j.lab;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Lets a classifier judge pictures and counts where it sees what was asked for. */
final class Evaluation {
  private static final int BATCH = 16;
  private static final int SHEET = 24;

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
    HitTable hits = new HitTable();
    Map<String, Map<String, Integer>> mistakes = new LinkedHashMap<>();
    Map<String, Integer> styles = new TreeMap<>();
    List<BufferedImage> sheet = new ArrayList<>();
    for (int start = 0; start < samples.size(); start += BATCH) {
      List<Sample> batch = samples.subList(start, Math.min(samples.size(), start + BATCH));
      List<BufferedImage> pictures = batch.stream().map(sample -> sample.picture().get()).toList();
      pictures.stream().limit(SHEET - sheet.size()).forEach(sheet::add);
      List<Map<String, String>> judgements = classifier.judge(pictures);
      for (int i = 0; i < batch.size(); i++) {
        count(batch.get(i).attributes(), judgements.get(i), hits, mistakes);
        styles.merge(judgements.get(i).getOrDefault("style", HitTable.ANY_STYLE), 1, Integer::sum);
      }
    }
    List<String> prompts = samples.stream().limit(sheet.size()).map(Sample::prompt).toList();
    Report.Mistakes mixedUp = new Report.Mistakes(mistakes);
    HitTable accuracy = classifier.accuracy();
    return new Report(source, samples.size(), hits, accuracy, mixedUp, styles, sheet, prompts);
  }

  private void count(
      Map<String, String> wanted,
      Map<String, String> seen,
      HitTable hits,
      Map<String, Map<String, Integer>> mistakes) {
    String style = wanted.get("style");
    seen.forEach(
        (attribute, value) -> {
          String asked = wanted.get(attribute);
          if (asked == null || !classifier.styles().canShow(style, attribute, asked)) {
            return;
          }
          hits.count(style == null ? HitTable.ANY_STYLE : style, attribute, asked.equals(value));
          if (!asked.equals(value)) {
            mistakes
                .computeIfAbsent(attribute, name -> new TreeMap<>())
                .merge(asked + " → " + value, 1, Integer::sum);
          }
        });
  }
}
