package io.github.kolors4j.lab;

import io.github.kolors4j.concepts.AttributeClassifier;
import io.github.kolors4j.internal.concepts.HitTable;
import io.github.kolors4j.internal.concepts.Hits;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How pictures look, whatever they show: gathered one by one, so that no picture stays in memory.
 */
final class Looks {
  private static final int BATCH = 16;

  private final @Nullable Faces faces;
  private final List<float[]> features = new ArrayList<>();
  private double sharpness;
  private int brokenFaces;

  /**
   * @param faces judges them; without it, no face is called broken
   */
  Looks(@Nullable Faces faces) {
    this.faces = faces;
  }

  /** Looks at all samples' pictures. */
  static Looks of(AttributeClassifier classifier, @Nullable Faces faces, List<Sample> samples) {
    Looks looks = new Looks(faces);
    for (int start = 0; start < samples.size(); start += BATCH) {
      List<BufferedImage> pictures =
          samples.subList(start, Math.min(samples.size(), start + BATCH)).stream()
              .map(sample -> sample.picture().get())
              .toList();
      List<AttributeClassifier.Judgement> judgements = classifier.judge(pictures);
      for (int i = 0; i < pictures.size(); i++) {
        looks.add(pictures.get(i), judgements.get(i));
      }
    }
    return looks;
  }

  void add(BufferedImage picture, AttributeClassifier.Judgement judgement) {
    features.add(judgement.features());
    sharpness += Sharpness.of(picture);
    String style = judgement.values().getOrDefault("style", HitTable.ANY_STYLE);
    if (faces != null && faces.broken(picture, style)) {
      brokenFaces++;
    }
  }

  /** The pictures whose faces a person would call broken, of all. */
  Hits brokenFaces() {
    return new Hits(brokenFaces, features.size());
  }

  /** The mean of the pictures' {@link Sharpness}. */
  double sharpness() {
    return sharpness / features.size();
  }

  FrechetDistance spread() {
    return new FrechetDistance(features);
  }
}
