package io.github.kolors4j.juicer;

import io.github.kolors4j.internal.juicer.Sample;
import java.util.List;
import java.util.function.Supplier;

/** Works in this process. */
final class LocalExecutor implements BatchExecutor {
  private static final int BATCH = 64;

  private final Recipe recipe;
  private final SampleBytes format;

  LocalExecutor(Recipe recipe) {
    this.recipe = recipe;
    this.format = new SampleBytes(recipe);
  }

  @Override
  public int parallelism() {
    return recipe.threads();
  }

  @Override
  public int batchSize() {
    return BATCH;
  }

  @Override
  public Batch examine(Stage stage, List<Supplier<Sample>> samples) {
    return new BatchWork(stage, recipe, format).examine(samples);
  }

  @Override
  public void close() {}
}
