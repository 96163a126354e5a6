package io.github.kolors4j.internal.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.files.ForeignJson;
import io.github.kolors4j.internal.weights.ReadFailure;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** One published {@code config.json}, read key by key with errors that name file and key. */
final class ConfigFile {
  /** More than the length of any layer of any published model. */
  private static final int LARGEST_SIZE = 1 << 20;

  private static final int MOST_LAYERS = 1000;
  private static final int MOST_LEVELS = 16;

  private final Path file;
  private final JsonObject json;

  private ConfigFile(Path file, JsonObject json) {
    this.file = file;
    this.json = json;
  }

  static ConfigFile read(Path file) {
    try {
      return ForeignJson.read(file, json -> new ConfigFile(file, json.getAsJsonObject()));
    } catch (ForeignJson.Malformed e) {
      throw new WeightsException(
          file + " is no JSON object (" + e.getMessage() + "); download the folder again.", e);
    } catch (NoSuchFileException e) {
      throw new WeightsException(
          "Cannot read " + file + ". Is this a model folder in the published layout?", e);
    } catch (IOException e) {
      throw ReadFailure.of(file, e);
    }
  }

  boolean has(String key) {
    return json.has(key) && !json.get(key).isJsonNull();
  }

  /** A whole number within limits, both included. */
  int integer(String key, int least, int most) {
    return integer(key, value(key), least, most);
  }

  private int integer(String key, JsonElement value, int least, int most) {
    double number = isNumber(value) ? value.getAsDouble() : Double.NaN;
    if (number != Math.rint(number) || number < least || number > most) {
      throw wrong(key, "a whole number from %,d to %,d".formatted(least, most));
    }
    return (int) number;
  }

  /** How many numbers something has, such as a layer's input: at least one. */
  int size(String key) {
    return integer(key, 1, LARGEST_SIZE);
  }

  int size(String key, int otherwise) {
    return has(key) ? size(key) : otherwise;
  }

  /** How many layers or heads there are: at least one. */
  int count(String key) {
    return integer(key, 1, MOST_LAYERS);
  }

  int count(String key, int otherwise) {
    return has(key) ? count(key) : otherwise;
  }

  /**
   * A size that is an entry of an object, or stands in the object's place (transformers has written
   * {@code "size": 224} and {@code "size": {"shortest_edge": 224}}).
   */
  int size(String key, String entry, int otherwise) {
    if (!has(key) || !json.get(key).isJsonObject()) {
      return size(key, otherwise);
    }
    JsonElement value = json.getAsJsonObject(key).get(entry);
    if (!isNumber(value)) {
      throw wrong(key, "a whole number, or an object with one as \"" + entry + "\"");
    }
    return integer(key, value, 1, LARGEST_SIZE);
  }

  /** As many numbers as the default has. */
  double[] numbers(String key, double[] otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    List<JsonElement> list = list(key, otherwise.length + " numbers");
    if (list.size() != otherwise.length || !list.stream().allMatch(ConfigFile::isNumber)) {
      throw wrong(key, "a list of " + otherwise.length + " numbers");
    }
    return list.stream().mapToDouble(JsonElement::getAsDouble).toArray();
  }

  String string(String key) {
    JsonElement value = value(key);
    if (!value.isJsonPrimitive()) {
      throw wrong(key, "a word");
    }
    return value.getAsString();
  }

  double number(String key) {
    if (!isNumber(value(key))) {
      throw wrong(key, "a number");
    }
    return value(key).getAsDouble();
  }

  double number(String key, double otherwise) {
    return has(key) ? number(key) : otherwise;
  }

  /** What is added to a variance, so that nothing is divided by 0. */
  double epsilon(String key) {
    double epsilon = number(key);
    if (epsilon < 0 || epsilon > 1) {
      throw wrong(key, "a small number, such as 1e-5");
    }
    return epsilon;
  }

  /** Whether a value is a number that can be computed with. */
  private static boolean isNumber(JsonElement value) {
    return value != null
        && value.isJsonPrimitive()
        && value.getAsJsonPrimitive().isNumber()
        && Double.isFinite(value.getAsDouble());
  }

  boolean flag(String key, boolean otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    JsonElement value = value(key);
    if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isBoolean()) {
      throw wrong(key, "true or false");
    }
    return value.getAsBoolean();
  }

  /** A list with one size for each level of a network, for at least one. */
  int[] sizes(String key) {
    List<JsonElement> list = list(key, "whole numbers");
    if (list.isEmpty() || list.size() > MOST_LEVELS) {
      throw wrong(key, "a list of 1 to " + MOST_LEVELS + " whole numbers");
    }
    return list.stream().mapToInt(value -> integer(key, value, 1, LARGEST_SIZE)).toArray();
  }

  /** A list with one count for each level, or one number that stands for all of them. */
  int[] counts(String key, int levels) {
    if (!value(key).isJsonArray()) {
      int[] repeated = new int[levels];
      Arrays.fill(repeated, count(key));
      return repeated;
    }
    List<JsonElement> list = list(key, "whole numbers");
    if (list.size() != levels) {
      throw wrong(key, "a list of " + levels);
    }
    return list.stream().mapToInt(value -> integer(key, value, 1, MOST_LAYERS)).toArray();
  }

  String[] strings(String key) {
    List<JsonElement> list = list(key, "names");
    if (!list.stream().allMatch(JsonElement::isJsonPrimitive)) {
      throw wrong(key, "a list of names");
    }
    return list.stream().map(JsonElement::getAsString).toArray(String[]::new);
  }

  private List<JsonElement> list(String key, String what) {
    if (!value(key).isJsonArray()) {
      throw wrong(key, "a list of " + what);
    }
    return value(key).getAsJsonArray().asList();
  }

  /** Refuses a configuration whose key, where it is given, is not the one value built here. */
  void require(String key, Object expected) {
    if (!has(key)) {
      return;
    }
    JsonElement value = json.get(key);
    boolean same =
        expected instanceof Number number
            ? isNumber(value) && value.getAsDouble() == number.doubleValue()
            : value.isJsonPrimitive() && value.getAsString().equals(expected.toString());
    if (!same) {
      throw wrong(key, "\"" + expected + "\", the only kind that is built here");
    }
  }

  /** Refuses a configuration that turns an option on which is not built here. */
  void requireOff(String key) {
    if (has(key)
        && !(json.get(key) instanceof JsonPrimitive value
            && value.isBoolean()
            && !value.getAsBoolean())) {
      throw wrong(key, "null or false, since what it turns on is not built here");
    }
  }

  void requireEach(String key, String expected) {
    for (String name : strings(key)) {
      if (!name.equals(expected)) {
        throw wrong(key, "a list of \"" + expected + "\", the only kind that is built here");
      }
    }
  }

  WeightsException wrong(String key, String expected) {
    String value = String.valueOf(json.get(key));
    return new WeightsException(
        "%s: \"%s\" is %s but must be %s. Is this the folder of a Kolors model?"
            .formatted(
                file, key, value.length() > 200 ? value.substring(0, 200) + "…" : value, expected));
  }

  private JsonElement value(String key) {
    if (!has(key)) {
      throw new WeightsException(
          file + " has no \"" + key + "\". Is this the folder of a Kolors model?");
    }
    return json.get(key);
  }
}
