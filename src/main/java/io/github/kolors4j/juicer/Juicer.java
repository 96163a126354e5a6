package io.github.kolors4j.juicer;

import io.github.kolors4j.internal.files.AsideName;
import io.github.kolors4j.internal.progress.Work;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs a recipe as {@code dj-process --config recipe.yaml} does (data-juicer 1.0.0): reads the data
 * set, takes the samples through the operators, and writes {@code result.jsonl} and, beside it, the
 * statistics of the kept samples in {@code result_stats.jsonl}. What was thrown out, and why, goes
 * into {@code result_rejected.jsonl}. A run that fails or is killed writes nothing.
 *
 * <pre>{@code
 * var result = Juicer.run(Path.of("data/data-juicer/data_juicer_config.yaml"));
 * result.rejected().gallery()
 * }</pre>
 */
public final class Juicer {
  private Juicer() {}

  /**
   * Runs a recipe whose relative paths start at the working directory, as on data-juicer's command
   * line.
   *
   * @throws RecipeException if the recipe or its data set cannot be used
   */
  public static JuicerResult run(Path recipe) {
    return run(recipe, Path.of(""));
  }

  /** Same, with the recipe's relative paths starting at {@code folder}. */
  public static JuicerResult run(Path recipe, Path folder) {
    return run(Recipe.read(recipe), folder);
  }

  /** Runs a recipe that has been read. */
  public static JuicerResult run(Recipe recipe) {
    return run(recipe, Path.of(""));
  }

  /** Same, with the recipe's relative paths starting at {@code folder}. */
  public static JuicerResult run(Recipe recipe, Path folder) {
    return run(recipe, folder, Files::newOutputStream);
  }

  /** Same, with another way to open the result's files. */
  static JuicerResult run(Recipe recipe, Path folder, ResultFiles.Opening opening) {
    Path start = folder.toAbsolutePath();
    Path dataset = start.resolve(recipe.datasetPath()).normalize();
    Path result = start.resolve(recipe.exportPath()).normalize();
    Path trace = result.resolveSibling("trace");
    ResultWriter.requireKnownEnding(recipe);
    ResultFiles.finish(result);
    Path beside = ResultFiles.folder(result);
    AsideName.sweep(beside, ResultWriter.names(result));
    AsideName.sweep(trace, Tracer.NAMES);
    Path spools = recipe.temporaryFolder().map(start::resolve).orElse(beside).normalize();
    try (Execution execution = new Execution(recipe, spools);
        ResultFiles files = new ResultFiles(opening)) {
      SampleReader reader = new SampleReader(dataset, recipe);
      StoredSamples kept = execution.run(reader);
      try (Work work = Work.begin("写出 (writing) " + result.getFileName(), "samples", 0)) {
        work.advanceTo(0);
        new ResultWriter(result, recipe, execution.columns(), execution.threads())
            .write(kept, execution.rejections(), files, reader.files());
        execution.tracer().write(trace, files);
        files.putIntoPlace(result);
      }
      return new JuicerResult(result, recipe, execution, kept, reader.notices());
    }
  }

  /**
   * Measures a data set with a recipe's filters and throws nothing out, as {@code dj-analyze
   * --config recipe.yaml} does.
   *
   * @throws RecipeException if the recipe has no filter, or it or its data set cannot be used
   */
  public static Analysis analyze(Path recipe) {
    return analyze(Recipe.read(recipe));
  }

  /** Same, of a recipe that has been read. */
  public static Analysis analyze(Recipe recipe) {
    return analyze(recipe, Path.of(""));
  }

  /** Same, with the recipe's relative paths starting at {@code folder}. */
  public static Analysis analyze(Recipe recipe, Path folder) {
    return AnalysisRun.of(recipe, folder.toAbsolutePath());
  }
}
