package io.github.kolors4j.juicer;

import io.github.kolors4j.internal.juicer.Reason;
import io.github.kolors4j.internal.juicer.Sample;

import com.google.gson.JsonElement;
import io.github.kolors4j.juicer.Batch.Outcome;
import io.github.kolors4j.juicer.Batch.Tally;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.spark.api.java.function.Function;

/**
 * Takes a batch of samples through a stage of a recipe, in an executor of Spark.
 *
 * @param yaml the recipe; an executor reads it once
 * @param first the place of the stage's first operator
 */
record SparkTask(String yaml, int first) implements Function<SparkTask.Samples, SparkTask.Result> {
  private static final Map<String, Recipe> RECIPES = new ConcurrentHashMap<>();

  /** Samples as {@link SampleBytes}. */
  record Samples(List<byte[]> samples) implements Serializable {}

  @Override
  public Result call(Samples batch) {
    Recipe recipe = RECIPES.computeIfAbsent(yaml, text -> Recipe.parse("the recipe", text));
    SampleBytes format = new SampleBytes(recipe);
    Stage stage =
        Stage.of(recipe.process()).stream().filter(s -> s.first() == first).findFirst().get();
    List<Supplier<Sample>> samples = new ArrayList<>();
    batch.samples().forEach(bytes -> samples.add(() -> format.read(bytes)));
    try {
      return Result.of(new BatchWork(stage, recipe, format).examine(samples), format);
    } catch (RecipeException e) {
      // Spark would try again, in vain, and report where it was thrown.
      return new Result(List.of(), List.of(), new Columns(), e.getMessage());
    }
  }

  /**
   * What a batch has come to.
   *
   * @param failure what stopped the recipe, or null
   */
  record Result(List<Line> lines, List<Tally> tallies, Columns columns, String failure)
      implements Serializable {

    static Result of(Batch batch, SampleBytes format) {
      List<Line> lines = new ArrayList<>();
      batch.outcomes().forEach(one -> lines.add(Line.of(one, format)));
      return new Result(lines, new ArrayList<>(batch.tallies()), batch.columns(), null);
    }

    Batch batch(SampleBytes format) {
      if (failure != null) {
        throw new RecipeException(failure);
      }
      List<Outcome> outcomes = lines.stream().map(line -> line.outcome(format)).toList();
      return new Batch(outcomes, tallies, columns);
    }
  }

  /**
   * What a sample has come to.
   *
   * @param by the operator that threw it out, and its place
   * @param reason null if it stays
   */
  record Line(byte[] sample, int place, String by, Reason reason, Serializable key)
      implements Serializable {

    static Line of(Outcome one, SampleBytes format) {
      return one.rejection() == null
          ? new Line(one.bytes(), one.by(), null, null, serializable(one.key()))
          : new Line(
              format.write(one.sample()),
              one.by(),
              one.rejection().operator(),
              one.rejection().reason(),
              null);
    }

    Outcome outcome(SampleBytes format) {
      Sample read = format.read(sample);
      if (reason != null) {
        return Outcome.rejected(read, place, by, reason);
      }
      return Outcome.kept(read, key instanceof Json json ? json.element() : key, sample);
    }

    /** Selectors look at JSON, which Java cannot serialize; all others at texts and numbers. */
    private static Serializable serializable(Object key) {
      return key instanceof JsonElement json ? new Json(json.toString()) : (Serializable) key;
    }
  }

  /** A value of JSON. */
  record Json(String text) implements Serializable {
    JsonElement element() {
      return SampleBytes.parse("{\"value\":" + text + "}").get("value");
    }
  }
}
