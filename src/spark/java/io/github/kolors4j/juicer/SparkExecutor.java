package io.github.kolors4j.juicer;

import io.github.kolors4j.internal.juicer.Sample;

import io.github.kolors4j.internal.juicer.operators.ImageAestheticsFilter;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Has batches examined by Apache Spark: each is a job of one task, and as many are under way as the
 * cluster has cores. The rows of the data set, a few hundred bytes a sample, go through this
 * process, which keeps their order; the pictures, which are nearly all of the data and work, are
 * opened by the executors only, and have to lie where each of them finds them under the same path.
 *
 * <p>A batch whose executor is lost is examined again by another one, as Spark does with every task:
 * its result depends on nothing but its samples.
 */
final class SparkExecutor implements BatchExecutor {
  private static final int BATCH = 128;
  private static final int LEAST_JOBS = 64;

  private final Recipe recipe;
  private final SampleBytes format;
  private final JavaSparkContext context;

  private SparkExecutor(Recipe recipe, JavaSparkContext context) {
    this.recipe = recipe;
    this.format = new SampleBytes(recipe);
    this.context = context;
  }

  /** Starts it for {@code executor_type: spark}. */
  public static final class Provider implements BatchExecutor.Provider {
    @Override
    public String type() {
      return Recipe.Executor.SPARK;
    }

    @Override
    public BatchExecutor start(Recipe recipe) {
      try {
        return new SparkExecutor(recipe, new JavaSparkContext(configuration(recipe)));
      } catch (RuntimeException e) {
        throw new RecipeException(
            "Spark could not be started (%s). Is spark_master the address that the cluster's master shows?"
                .formatted(e.getMessage()),
            e);
      }
    }
  }

  /** System properties that begin with {@code spark.} are settings, too. */
  private static SparkConf configuration(Recipe recipe) {
    SparkConf configuration = new SparkConf();
    configuration.setIfMissing("spark.app.name", "kolors4j " + recipe.projectName());
    configuration.setIfMissing("spark.ui.enabled", "false");
    recipe.executor().sparkMaster().ifPresent(configuration::setMaster);
    configuration.setIfMissing("spark.master", "local[*]");
    if (!configuration.get("spark.master").startsWith("local")) {
      configuration.setIfMissing("spark.jars", String.join(",", libraries(recipe)));
      // Spark's gson is older than ours.
      configuration.setIfMissing("spark.executor.userClassPathFirst", "true");
    }
    return configuration;
  }

  /** What the executors need of this program's class path; Spark's own libraries they have. */
  private static List<String> libraries(Recipe recipe) {
    boolean networks =
        recipe.process().stream()
            .anyMatch(operator -> operator.name().equals(ImageAestheticsFilter.NAME));
    Path sparkLibraries =
        Path.of(
                SparkConf.class.getProtectionDomain().getCodeSource().getLocation().getPath())
            .getParent();
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath())
        .filter(jar -> jar.toString().endsWith(".jar") && !jar.startsWith(sparkLibraries))
        // Hundreds of megabytes that one operator uses.
        .filter(jar -> networks || !jar.getFileName().toString().startsWith("pytorch-native"))
        .map(jar -> jar.toUri().toString())
        .distinct()
        .toList();
  }

  /**
   * Twice the cores of the cluster, so that none waits for this process. Executors report some time
   * after the start only: hence no fewer than many computers' cores. A job that waits costs little.
   */
  @Override
  public int parallelism() {
    return Math.max(LEAST_JOBS, 2 * context.defaultParallelism());
  }

  @Override
  public int batchSize() {
    return BATCH;
  }

  @Override
  public Batch examine(Stage stage, List<Supplier<Sample>> samples) {
    List<byte[]> bytes = new ArrayList<>();
    samples.forEach(sample -> bytes.add(format.write(sample.get())));
    SparkTask task = new SparkTask(recipe.yaml(), stage.first());
    SparkTask.Result outcome;
    try {
      outcome = context.parallelize(List.of(new SparkTask.Samples(bytes)), 1).map(task).first();
    } catch (Exception e) { // Scala's methods throw checked exceptions without saying so.
      throw new RecipeException("Spark gave up: " + e.getMessage().lines().findFirst().orElse(""), e);
    }
    return outcome.batch(format);
  }

  @Override
  public void close() {
    context.close();
  }
}
