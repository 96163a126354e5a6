package io.github.kolors4j.juicer;

import io.github.kolors4j.internal.juicer.Sample;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/**
 * Where batches of samples are taken through the operators of a stage: a recipe's {@code
 * executor_type}. The operators are the same everywhere, and so is the result.
 */
interface BatchExecutor extends AutoCloseable {
  /** What to do where Spark is missing. */
  String WITHOUT_SPARK =
      "The recipe's executor_type is spark, but this program was started without Apache Spark. Run environment/spark once and start with SPARK_HOME set as it says, or leave executor_type out to run in this process.";

  /** How many batches it works on at once. */
  int parallelism();

  /** How many samples make a batch. */
  int batchSize();

  /**
   * Takes samples through the operators of a stage. Several threads call this at once.
   *
   * @throws RecipeException what an operator stops the recipe with
   */
  Batch examine(Stage stage, List<Supplier<Sample>> samples);

  /** Lets go of threads or a cluster. */
  @Override
  void close();

  /** Starts executors of a type; found by {@link ServiceLoader}, so that each can be left out. */
  interface Provider {
    /** The {@code executor_type}. */
    String type();

    BatchExecutor start(Recipe recipe);
  }

  /**
   * The executor that a recipe asks for.
   *
   * @throws RecipeException if this program was started without it
   */
  static BatchExecutor of(Recipe recipe) {
    String type = recipe.executor().type();
    if (type.equals(Recipe.Executor.LOCAL)) {
      return new LocalExecutor(recipe);
    }
    try {
      return ServiceLoader.load(Provider.class, BatchExecutor.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::get)
          .filter(provider -> provider.type().equals(type))
          .findFirst()
          .orElseThrow(() -> new RecipeException(WITHOUT_SPARK))
          .start(recipe);
    } catch (NoClassDefFoundError e) {
      throw new RecipeException(WITHOUT_SPARK, e);
    }
  }
}
