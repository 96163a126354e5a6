package io.github.kolors4j.lab;

import io.github.kolors4j.concepts.AttributeClassifier;
import io.github.kolors4j.internal.concepts.HitTable;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Lets a classifier judge pictures and counts where it sees what was asked for. */
final class Evaluation {
  private static final int BATCH = 16;
  private static final int SHEET = 24;

  private final AttributeClassifier classifier;
  private final @Nullable RenderedSamples renderings;
  private final @Nullable Faces faces;

  /** Counts only. */
  public Evaluation(AttributeClassifier classifier) {
    this(classifier, null);
  }

  /**
   * @param renderings the corpus, to say how pictures look beside them; none, and it is not said
   */
  public Evaluation(AttributeClassifier classifier, @Nullable RenderedSamples renderings) {
    this.classifier = classifier;
    this.renderings = renderings;
    faces = renderings == null ? null : new Faces(renderings);
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
    Looks looks = new Looks(faces);
    List<BufferedImage> sheet = new ArrayList<>();
    for (int start = 0; start < samples.size(); start += BATCH) {
      List<Sample> batch = samples.subList(start, Math.min(samples.size(), start + BATCH));
      List<BufferedImage> pictures = batch.stream().map(sample -> sample.picture().get()).toList();
      pictures.stream().limit(SHEET - sheet.size()).forEach(sheet::add);
      List<AttributeClassifier.Judgement> judgements = classifier.judge(pictures);
      for (int i = 0; i < batch.size(); i++) {
        Map<String, String> seen = judgements.get(i).values();
        count(batch.get(i).attributes(), seen, hits, mistakes);
        styles.merge(seen.getOrDefault("style", HitTable.ANY_STYLE), 1, Integer::sum);
        looks.add(pictures.get(i), judgements.get(i));
      }
    }
    List<String> prompts = samples.stream().limit(sheet.size()).map(Sample::prompt).toList();
    Report.Mistakes mixedUp = new Report.Mistakes(mistakes);
    return new Report(
        source,
        samples.size(),
        hits,
        classifier.accuracy(),
        mixedUp,
        styles,
        renderings == null ? null : likeness(renderings, samples, looks),
        sheet,
        prompts);
  }

  /** Beside renderings that show what the pictures were to show; the floor is other such ones. */
  private Likeness likeness(RenderedSamples beside, List<Sample> samples, Looks looks) {
    Looks first = Looks.of(classifier, null, new MatchedRenderings(beside.training()).of(samples));
    Looks second = Looks.of(classifier, faces, new MatchedRenderings(beside.heldOut()).of(samples));
    return Likeness.between(looks, first, second);
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
