package io.github.kolors4j.training.evaluation;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a classifier tells apart: the values of each attribute, in the order of its outputs.
 *
 * @param values by attribute, for example hairColor → black, blue, …
 */
record Labels(Map<String, List<String>> values) {
  /** The attributes that are judged, where the pictures have them. */
  private static final List<String> JUDGED =
      List.of("style", "hairColor", "background", "clothing", "clothingColor", "eyes", "glasses");

  /** The target of a picture that lacks an attribute: cross-entropy passes over it. */
  static final long NONE = -100;

  /** Collects the values that occur in descriptions of pictures (attribute → value). */
  static Labels in(Collection<Map<String, String>> descriptions) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String attribute : JUDGED) {
      TreeSet<String> found = new TreeSet<>();
      for (Map<String, String> description : descriptions) {
        if (description.containsKey(attribute)) {
          found.add(description.get(attribute));
        }
      }
      if (found.size() > 1) {
        values.put(attribute, new ArrayList<>(found));
      }
    }
    if (values.isEmpty()) {
      throw new IllegalArgumentException(
          "The pictures do not differ in any of " + JUDGED + ": there is nothing to learn.");
    }
    return new Labels(values);
  }

  /** The position of a picture's value of an attribute, or {@link #NONE}. */
  long target(String attribute, Map<String, String> description) {
    String value = description.get(attribute);
    int index = value == null ? -1 : values.get(attribute).indexOf(value);
    return index < 0 ? NONE : index;
  }

  /** Whether a picture has any value that is told apart. */
  boolean knowSomethingOf(Map<String, String> description) {
    return values.keySet().stream().anyMatch(description::containsKey);
  }

  String toJson() {
    return new Gson().toJson(values);
  }

  /**
   * @throws IllegalArgumentException if the text is no table of labels
   */
  static Labels fromJson(String json) {
    Map<String, List<String>> values;
    try {
      values = new Gson().fromJson(json, new TypeToken<LinkedHashMap<String, List<String>>>() {});
    } catch (JsonParseException e) {
      throw new IllegalArgumentException("not a table of labels: " + e.getMessage(), e);
    }
    if (values == null
        || values.isEmpty()
        || values.values().stream().anyMatch(v -> v == null || v.isEmpty() || v.contains(null))) {
      throw new IllegalArgumentException("an empty table of labels");
    }
    return new Labels(values);
  }
}
