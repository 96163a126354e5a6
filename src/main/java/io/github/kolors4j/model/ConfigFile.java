package io.github.kolors4j.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.kolors4j.weights.WeightsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;

/** One published {@code config.json}, read key by key with errors that name file and key. */
final class ConfigFile {
  private final Path file;
  private final JsonObject json;

  private ConfigFile(Path file, JsonObject json) {
    this.file = file;
    this.json = json;
  }

  static ConfigFile read(Path file) {
    try {
      JsonElement parsed = JsonParser.parseString(Files.readString(file, StandardCharsets.UTF_8));
      if (!parsed.isJsonObject()) {
        throw new WeightsException(file + " is not a JSON object; download the folder again.");
      }
      return new ConfigFile(file, parsed.getAsJsonObject());
    } catch (JsonParseException e) {
      throw new WeightsException(
          file + " is not JSON (" + e.getMessage() + "); download the folder again.", e);
    } catch (IOException e) {
      throw new WeightsException(
          "Cannot read " + file + ". Is this a model folder in the published layout?", e);
    }
  }

  boolean has(String key) {
    return json.has(key) && !json.get(key).isJsonNull();
  }

  int integer(String key) {
    double value = number(key);
    if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
      throw wrong(key, "a whole number");
    }
    return (int) value;
  }

  int integer(String key, int otherwise) {
    return has(key) ? integer(key) : otherwise;
  }

  /**
   * A whole number that is an entry of an object, or stands in the object's place (transformers has
   * written {@code "size": 224} and {@code "size": {"shortest_edge": 224}}).
   */
  int integer(String key, String entry, int otherwise) {
    if (!has(key) || !json.get(key).isJsonObject()) {
      return integer(key, otherwise);
    }
    JsonElement value = json.getAsJsonObject(key).get(entry);
    try {
      return value.getAsInt();
    } catch (RuntimeException e) { // null among them
      throw wrong(key, "a whole number, or an object with one as \"" + entry + "\"");
    }
  }

  /** As many numbers as the default has. */
  double[] numbers(String key, double[] otherwise) {
    if (!has(key)) {
      return otherwise;
    }
    try {
      double[] list =
          value(key).getAsJsonArray().asList().stream()
              .mapToDouble(JsonElement::getAsDouble)
              .toArray();
      if (list.length == otherwise.length) {
        return list;
      }
    } catch (RuntimeException e) {
      // said below
    }
    throw wrong(key, "a list of " + otherwise.length + " numbers");
  }

  String string(String key) {
    JsonElement value = value(key);
    if (!value.isJsonPrimitive()) {
      throw wrong(key, "a word");
    }
    return value.getAsString();
  }

  double number(String key) {
    JsonElement value = value(key);
    if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
      throw wrong(key, "a number");
    }
    return value.getAsDouble();
  }

  double number(String key, double otherwise) {
    return has(key) ? number(key) : otherwise;
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

  /** A list of whole numbers. */
  int[] integers(String key) {
    if (!value(key).isJsonArray()) {
      throw wrong(key, "a list of whole numbers");
    }
    try {
      return StreamSupport.stream(value(key).getAsJsonArray().spliterator(), false)
          .mapToInt(JsonElement::getAsInt)
          .toArray();
    } catch (RuntimeException e) {
      throw wrong(key, "a list of whole numbers");
    }
  }

  /** A list of whole numbers, or one number that stands for all of them. */
  int[] integers(String key, int length) {
    if (value(key).isJsonPrimitive()) {
      int[] repeated = new int[length];
      java.util.Arrays.fill(repeated, integer(key));
      return repeated;
    }
    int[] list = integers(key);
    if (list.length != length) {
      throw wrong(key, "a list of " + length);
    }
    return list;
  }

  String[] strings(String key) {
    if (!value(key).isJsonArray()) {
      throw wrong(key, "a list of names");
    }
    return StreamSupport.stream(value(key).getAsJsonArray().spliterator(), false)
        .map(JsonElement::getAsString)
        .toArray(String[]::new);
  }

  /** Refuses a configuration whose key, where it is given, is not the one value built here. */
  void require(String key, Object expected) {
    if (has(key) && !json.get(key).getAsString().equals(expected.toString())) {
      throw wrong(key, "\"" + expected + "\", the only kind that is built here");
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
    return new WeightsException(
        "%s: \"%s\" is %s but must be %s. Is this the folder of a Kolors model?"
            .formatted(file, key, json.get(key), expected));
  }

  private JsonElement value(String key) {
    if (!has(key)) {
      throw new WeightsException(
          file + " has no \"" + key + "\". Is this the folder of a Kolors model?");
    }
    return json.get(key);
  }
}
