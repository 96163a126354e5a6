package io.github.kolors4j.juicer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a recipe as {@code dj-process --config recipe.yaml} does (data-juicer 1.0.0): reads the data
 * set, takes the samples through the operators, and writes {@code result.jsonl} and, beside it, the
 * statistics of the kept samples in {@code result_stats.jsonl}.
 *
 * <pre>{@code
 * var juiced = Juicer.run(Path.of("data/data-juicer/data_juicer_config.yaml"));
 * juiced.rejected().gallery()
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
  public static Juiced run(Path recipe) {
    return run(recipe, Path.of(""));
  }

  /** Same, with the recipe's relative paths starting at {@code folder}. */
  public static Juiced run(Path recipe, Path folder) {
    return run(Recipe.read(recipe), folder);
  }

  /** Runs a recipe that has been read. */
  public static Juiced run(Recipe recipe, Path folder) {
    Path dataset = folder.toAbsolutePath().resolve(recipe.datasetPath()).normalize();
    Path result = folder.toAbsolutePath().resolve(recipe.exportPath()).normalize();
    ResultWriter.requireKnownEnding(recipe);
    List<Sample> samples = new ArrayList<>();
    // The fields of all samples, rejected ones too, make the columns of the result.
    ResultJson columns = new ResultJson();
    new SampleReader(dataset, recipe)
        .read(
            sample -> {
              samples.add(sample);
              columns.add(sample.fields());
            });
    Tracer tracer = new Tracer(result, recipe.tracing());
    try (Execution execution = new Execution(recipe.threads(), tracer)) {
      List<Sample> kept = execution.withText(samples, recipe.textKeys());
      for (Operator operator : recipe.process()) {
        kept = execution.apply(operator, kept);
      }
      new ResultWriter(result, recipe, columns).write(kept);
      return new Juiced(
          result, samples, kept, execution.rejections(), execution.steps(), recipe.notices());
    }
  }

  /**
   * Measures a data set with a recipe's filters and throws nothing out, as {@code dj-analyze
   * --config recipe.yaml} does.
   *
   * @throws RecipeException if the recipe has no filter, or it or its data set cannot be used
   */
  public static Analysis analyze(Path recipe) {
    return Analysis.of(Recipe.read(recipe), Path.of(""));
  }
}
