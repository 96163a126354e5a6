package io.github.kolors4j.juicer;

import com.google.gson.JsonElement;
import io.github.kolors4j.juicer.Batch.Examined;
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
record SparkTask(String yaml, int first) implements Function<SparkTask.Samples, SparkTask.Outcome> {
  private static final Map<String, Recipe> RECIPES = new ConcurrentHashMap<>();

  /** Samples as {@link SampleBytes}. */
  record Samples(List<byte[]> samples) implements Serializable {}

  @Override
  public Outcome call(Samples batch) {
    Recipe recipe = RECIPES.computeIfAbsent(yaml, text -> Recipe.parse("the recipe", text));
    SampleBytes format = new SampleBytes(recipe);
    Stage stage =
        Stage.of(recipe.process()).stream().filter(s -> s.first() == first).findFirst().get();
    List<Supplier<Sample>> samples = new ArrayList<>();
    batch.samples().forEach(bytes -> samples.add(() -> format.read(bytes)));
    try {
      return Outcome.of(new BatchWork(stage, recipe, format).examine(samples), format);
    } catch (RecipeException e) {
      // Spark would try again, in vain, and report where it was thrown.
      return new Outcome(List.of(), List.of(), new Columns(), e.getMessage());
    }
  }

  /**
   * What a batch has come to.
   *
   * @param failure what stopped the recipe, or null
   */
  record Outcome(List<Line> lines, List<Tally> tallies, Columns columns, String failure)
      implements Serializable {

    static Outcome of(Batch batch, SampleBytes format) {
      List<Line> lines = new ArrayList<>();
      batch.examined().forEach(one -> lines.add(Line.of(one, format)));
      return new Outcome(lines, new ArrayList<>(batch.tallies()), batch.columns(), null);
    }

    Batch batch(SampleBytes format) {
      if (failure != null) {
        throw new RecipeException(failure);
      }
      List<Examined> examined = lines.stream().map(line -> line.examined(format)).toList();
      return new Batch(examined, tallies, columns);
    }
  }

  /**
   * What a sample has come to.
   *
   * @param by the operator that threw it out, and its place
   * @param objection null if it stays
   */
  record Line(byte[] sample, int place, String by, Objection objection, Serializable key)
      implements Serializable {

    static Line of(Examined one, SampleBytes format) {
      return one.rejection() == null
          ? new Line(one.bytes(), one.by(), null, null, serializable(one.key()))
          : new Line(
              format.write(one.sample()),
              one.by(),
              one.rejection().operator(),
              one.rejection().objection(),
              null);
    }

    Examined examined(SampleBytes format) {
      Sample read = format.read(sample);
      if (objection != null) {
        return Examined.rejected(read, place, by, objection);
      }
      return Examined.kept(read, key instanceof Json json ? json.element() : key, sample);
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
