package io.github.kolors4j.juicer;

import com.google.gson.JsonObject;
import io.github.kolors4j.image.AtomicFile;
import io.github.kolors4j.image.PictureException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

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
  private static final String STATISTICS = "__dj__stats__";

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
    if (!result.toString().endsWith(".jsonl")) {
      throw new RecipeException(
          "The recipe's export_path " + recipe.exportPath() + " must end in .jsonl.");
    }
    List<Sample> samples = new JsonLines(dataset, recipe).read();
    // The fields of all samples, rejected ones too, make the columns of the result.
    ResultJson columns = ResultJson.forLines(samples.stream().map(Sample::fields).toList());
    List<Juiced.Step> steps = new ArrayList<>();
    List<Rejection> rejections = new ArrayList<>();
    List<Sample> kept = withText(recipe, samples, rejections);
    ExecutorService threads = Executors.newFixedThreadPool(recipe.threads(), Juicer::thread);
    try {
      for (Operator operator : recipe.process()) {
        long start = System.nanoTime();
        List<Sample> stayed = apply(operator, kept, rejections, threads);
        double seconds = (System.nanoTime() - start) / 1e9;
        steps.add(new Juiced.Step(operator.name(), kept.size(), stayed.size(), seconds));
        kept = stayed;
      }
    } finally {
      threads.shutdownNow();
    }
    write(result, columns, kept);
    return new Juiced(result, samples, kept, rejections, steps, recipe.notices());
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "juicer");
    thread.setDaemon(true);
    return thread;
  }

  /** Data-juicer drops samples without text before the first operator. */
  private static List<Sample> withText(
      Recipe recipe, List<Sample> samples, List<Rejection> rejections) {
    List<Sample> kept = new ArrayList<>();
    for (Sample sample : samples) {
      Optional<String> missing =
          recipe.textKeys().stream()
              .filter(key -> !sample.fields().has(key) || sample.fields().get(key).isJsonNull())
              .findFirst();
      if (missing.isEmpty()) {
        kept.add(sample);
      } else {
        rejections.add(
            new Rejection(
                sample,
                "text_keys",
                new Objection(
                    "null",
                    missing.get(),
                    "没有文字（" + missing.get() + " 为空）",
                    "there is no text (" + missing.get() + " is null)")));
      }
    }
    return kept;
  }

  private static List<Sample> apply(
      Operator operator,
      List<Sample> samples,
      List<Rejection> rejections,
      ExecutorService threads) {
    List<Callable<Optional<Objection>>> work = new ArrayList<>();
    for (Sample sample : samples) {
      work.add(() -> examine(operator, sample));
    }
    try {
      List<Future<Optional<Objection>>> verdicts = threads.invokeAll(work);
      List<Sample> stayed = new ArrayList<>();
      for (int i = 0; i < samples.size(); i++) {
        Optional<Objection> objection = verdicts.get(i).get();
        if (objection.isEmpty()) {
          stayed.add(samples.get(i));
        } else {
          rejections.add(new Rejection(samples.get(i), operator.name(), objection.get()));
        }
      }
      return stayed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RecipeException("The recipe was stopped; nothing was written.", e);
    } catch (ExecutionException e) {
      throw new RecipeException(
          operator.name() + " failed: " + e.getCause().getMessage(), e.getCause());
    }
  }

  private static Optional<Objection> examine(Operator operator, Sample sample) {
    try {
      operator.computeStatistics(sample);
      return operator.judge(sample);
    } catch (PictureException e) {
      return Optional.of(
          new Objection(
              e.file().getFileName().toString(),
              "readable",
              "图片无法读取：" + e.file().getFileName(),
              "the picture cannot be read: " + e.file().getFileName() + " " + e.reason()));
    }
  }

  private static void write(Path result, ResultJson columns, List<Sample> kept) {
    List<JsonObject> lines = kept.stream().map(Sample::fields).toList();
    List<JsonObject> statistics = kept.stream().map(Juicer::statistics).toList();
    String name = result.getFileName().toString();
    Path statisticsFile = result.resolveSibling(name.replace(".jsonl", "_stats.jsonl"));
    try {
      AtomicFile.writeText(result, columns.write(lines));
      AtomicFile.writeText(statisticsFile, ResultJson.forLines(statistics).write(statistics));
    } catch (IOException e) {
      throw new RecipeException(
          "The result " + result + " cannot be written: " + e.getMessage(), e);
    }
  }

  private static JsonObject statistics(Sample sample) {
    JsonObject values = new JsonObject();
    sample.statistics().forEach(values::add);
    JsonObject line = new JsonObject();
    line.add(STATISTICS, values);
    return line;
  }
}
