package io.github.kolors4j.lab;

import io.github.kolors4j.concepts.EvaluationPrompt;
import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.internal.concepts.HitTable;
import io.github.kolors4j.internal.files.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * The reports of one evaluation, printed and kept as soon as they are known, and what they miss.
 */
final class Reports {
  private final Path folder;
  private final Map<String, Double> aims;
  private final StringBuilder tables = new StringBuilder();
  private final List<String> missed = new ArrayList<>();

  /**
   * @param folder of the tables, contact sheets and pictures
   * @param aims attribute → percent of hits that are wanted of drawn pictures
   */
  Reports(Path folder, Map<String, Double> aims) {
    this.folder = folder;
    this.aims = aims;
  }

  /** Judges pictures that were not drawn by a model, or without what is to be measured. */
  Report add(Evaluation evaluation, String source, String fileName, List<Sample> samples)
      throws IOException {
    Report report = evaluation.judge(source, samples);
    System.out.println(report.toMarkdown());
    tables.append(report.toMarkdown()).append('\n');
    AtomicFile.writeText(folder.resolve("evaluation.md"), tables.toString());
    PictureFile.write(report.contactSheet(), folder.resolve(fileName + ".png"));
    return report;
  }

  /** Judges pictures that are held to the aims. */
  void addMeasured(Evaluation evaluation, String source, String fileName, List<Sample> samples)
      throws IOException {
    HitTable hits = add(evaluation, source, fileName, samples).hits();
    aims.forEach(
        (attribute, percent) -> {
          double reached = 100 * hits.of(attribute).share();
          if (!(reached >= percent)) {
            missed.add(
                String.format(
                    Locale.ROOT,
                    "%s: %s %.1f %%, not %.1f %%",
                    source,
                    attribute,
                    reached,
                    percent));
          }
        });
  }

  /** The prompts' pictures, each kept as soon as it is drawn. */
  List<Sample> drawn(
      String fileName,
      List<EvaluationPrompt> prompts,
      Function<EvaluationPrompt, BufferedImage> painter) {
    Function<EvaluationPrompt, BufferedImage> keeping =
        new PictureFolder(folder.resolve(fileName)).keep(painter);
    return prompts.stream().map(prompt -> Sample.of(prompt, keeping)).toList();
  }

  /** What is below an aim, a sentence each. */
  List<String> missed() {
    return List.copyOf(missed);
  }
}
