package io.github.kolors4j.juicer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a recipe's data set: one JSON object a line. */
final class JsonLines {
  private final Path file;
  private final Recipe recipe;

  JsonLines(Path file, Recipe recipe) {
    this.file = file;
    this.recipe = recipe;
  }

  /** All samples; one whose text is null is kept here, and rejected by {@link Juicer}. */
  List<Sample> read() {
    List<Sample> samples = new ArrayList<>();
    try (BufferedReader in = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        String json = line.startsWith("\ufeff") ? line.substring(1) : line;
        if (!json.isBlank()) {
          samples.add(sample(json, number));
        }
      }
    } catch (NoSuchFileException e) {
      throw new RecipeException(
          "The recipe's dataset_path "
              + recipe.datasetPath()
              + " does not exist (looked for "
              + file.toAbsolutePath().normalize()
              + "). Export the pictures there first, or correct the path.",
          e);
    } catch (CharacterCodingException e) {
      throw new RecipeException(file + " is not UTF-8 text.", e);
    } catch (IOException e) {
      throw new RecipeException(file + " cannot be read: " + e.getMessage(), e);
    }
    if (samples.isEmpty()) {
      throw new RecipeException("The data set " + file + " is empty: there is nothing to filter.");
    }
    requireTextKeys(samples);
    return samples;
  }

  private Sample sample(String json, int number) {
    try {
      JsonObject fields = JsonParser.parseString(json).getAsJsonObject();
      JsonElement text = fields.get(recipe.textKeys().get(0));
      String caption = text == null || text.isJsonNull() ? null : text.getAsString();
      return new Sample(number, fields, caption, pictures(fields));
    } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
      throw new RecipeException(
          file
              + ", line "
              + number
              + ": expected an object such as {\""
              + recipe.textKeys().get(0)
              + "\": \"…\", \""
              + recipe.imageKey()
              + "\": [\"0.jpg\"]}, found: "
              + json.substring(0, Math.min(60, json.length())),
          e);
    }
  }

  /** Relative paths become absolute in the sample's fields too, as data-juicer writes them. */
  private List<Path> pictures(JsonObject fields) {
    List<Path> pictures = new ArrayList<>();
    if (fields.get(recipe.imageKey()) instanceof JsonArray paths) {
      JsonArray absolute = new JsonArray();
      for (JsonElement path : paths) {
        Path picture = file.toAbsolutePath().normalize().resolveSibling(path.getAsString());
        pictures.add(picture);
        absolute.add(new JsonPrimitive(picture.toString()));
      }
      fields.add(recipe.imageKey(), absolute);
    } else if (fields.has(recipe.imageKey())
        && !(fields.get(recipe.imageKey()) instanceof JsonNull)) {
      throw new IllegalStateException("the pictures are not a list");
    }
    return pictures;
  }

  private void requireTextKeys(List<Sample> samples) {
    for (String key : recipe.textKeys()) {
      if (samples.stream().noneMatch(sample -> sample.fields().has(key))) {
        throw new RecipeException(
            "The data set has no field \""
                + key
                + "\" (the recipe's text_keys)"
                + Nearest.hint(key, samples.get(0).fields().keySet())
                + " It has "
                + samples.get(0).fields().keySet()
                + ".");
      }
    }
  }
}
