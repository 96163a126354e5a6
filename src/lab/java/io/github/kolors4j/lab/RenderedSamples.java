package io.github.kolors4j.lab;

import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.concepts.HitTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The renderings of a corpus, divided into those that a classifier learns from and those that it is
 * measured on.
 *
 * @param training the splits {@code train} and {@code lora}
 * @param heldOut the splits {@code heldout} and {@code lora-heldout}, and every twentieth picture
 *     of {@code lora}
 */
record RenderedSamples(List<Sample> training, List<Sample> heldOut) {
  /** Reads {@code corpus.jsonl}; the pictures themselves are read when they are needed. */
  public static RenderedSamples read(Path corpus) {
    List<Sample> training = new ArrayList<>();
    List<Sample> heldOut = new ArrayList<>();
    int ofNewStyle = 0;
    for (Corpus.Entry entry : Corpus.read(corpus).entries()) {
      boolean keptBack =
          switch (entry.split()) {
            case "heldout", "lora-heldout" -> true;
            case "lora" -> ofNewStyle++ % 20 == 0;
            default -> false;
          };
      (keptBack ? heldOut : training).add(sample(corpus, entry));
    }
    return new RenderedSamples(List.copyOf(training), List.copyOf(heldOut));
  }

  /**
   * The first so many held-out renderings, of every style alike: one of each style, then another of
   * each, as long as there are any.
   */
  List<Sample> heldOut(int limit) {
    Map<String, Integer> met = new HashMap<>();
    Map<Sample, Integer> turn = new IdentityHashMap<>();
    heldOut.forEach(
        sample ->
            turn.put(
                sample,
                met.merge(
                    sample.attributes().getOrDefault("style", HitTable.ANY_STYLE),
                    1,
                    Integer::sum)));
    return heldOut.stream().sorted(Comparator.comparingInt(turn::get)).limit(limit).toList();
  }

  private static Sample sample(Path corpus, Corpus.Entry entry) {
    Path file = corpus.resolve(entry.file());
    return new Sample(entry.captions().get(0), entry.description(), () -> PictureFile.read(file));
  }
}
