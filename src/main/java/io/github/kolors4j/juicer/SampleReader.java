package io.github.kolors4j.juicer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.juicer.operators.SuffixFilter;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Reads a recipe's data set, sample by sample. */
final class SampleReader {
  private final Path dataset;
  private final Recipe recipe;
  private final boolean withSuffix;

  /** {@code dataset} is the recipe's {@code dataset_path}, absolute. */
  SampleReader(Path dataset, Recipe recipe) {
    this.dataset = dataset;
    this.recipe = recipe;
    this.withSuffix = recipe.process().stream().anyMatch(SuffixFilter.class::isInstance);
  }

  /**
   * All samples, in order; one whose text is null too. {@code sink} gets each as soon as it is
   * read.
   *
   * @throws RecipeException if there is no data set, it is empty or damaged, or lacks a text key
   */
  void read(Consumer<Sample> sink) {
    Set<String> fields = new LinkedHashSet<>();
    int[] count = {0};
    for (Path file : DatasetFiles.of(dataset, recipe)) {
      try {
        RowSource.of(file, recipe)
            .read(
                (line, row) -> {
                  fields.addAll(row.keySet());
                  count[0]++;
                  sink.accept(sample(file, line, row));
                });
      } catch (CharacterCodingException e) {
        throw new RecipeException(file + " is not UTF-8 text.", e);
      } catch (IOException e) {
        throw new RecipeException(file + " cannot be read: " + e.getMessage(), e);
      }
    }
    if (count[0] == 0) {
      throw new RecipeException(
          "The data set " + dataset + " is empty: there is nothing to filter.");
    }
    requireTextKeys(fields);
  }

  private Sample sample(Path file, int line, JsonObject row) {
    JsonElement pictures = row.get(recipe.imageKey());
    if (pictures instanceof JsonArray paths) {
      JsonArray absolute = new JsonArray();
      paths.forEach(path -> absolute.add(absolute(file, line, path)));
      row.add(recipe.imageKey(), absolute);
    } else if (pictures instanceof JsonPrimitive) {
      row.add(recipe.imageKey(), absolute(file, line, pictures));
    } else if (pictures instanceof JsonObject) {
      throw RowSource.damaged(file, line, recipe, row.toString());
    }
    if (withSuffix) {
      String name = file.getFileName().toString();
      int dot = name.lastIndexOf('.');
      row.addProperty(SuffixFilter.FIELD, dot < 0 ? "" : name.substring(dot));
    }
    return new Sample(line, row, recipe.textKeys().get(0), recipe.imageKey());
  }

  /** Relative paths start at the data set and become absolute, as data-juicer writes them. */
  private JsonElement absolute(Path file, int line, JsonElement path) {
    if (!path.isJsonPrimitive()) {
      throw RowSource.damaged(file, line, recipe, path.toString());
    }
    Path start = file.equals(dataset) ? dataset.getParent() : dataset;
    return new JsonPrimitive(start.resolve(path.getAsString()).toString());
  }

  private void requireTextKeys(Set<String> fields) {
    for (String key : recipe.textKeys()) {
      List<String> names = new ArrayList<>(fields);
      if (!names.contains(key) && !names.contains(key.split("\\.")[0])) {
        throw new RecipeException(
            "The data set has no field \""
                + key
                + "\" (the recipe's text_keys)"
                + Nearest.hint(key, names)
                + " It has "
                + names
                + ".");
      }
    }
  }
}
