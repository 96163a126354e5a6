package io.github.kolors4j.internal.concepts;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import io.github.kolors4j.internal.tensor.TensorOperators;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * What is told apart: the values of each attribute, in the order of a classifier's outputs.
 *
 * @param values by attribute, for example hairColor → black, blue, …
 */
public record AttributeLabels(Map<String, List<String>> values) {
  /** The target of a picture that lacks an attribute: cross-entropy passes over it. */
  public static final long NONE = -100;

  /**
   * Collects the values that occur in descriptions of pictures (attribute → value).
   *
   * @param attributes that are told apart, where the pictures have them
   * @throws IllegalArgumentException if the pictures do not differ in any of them
   */
  public static AttributeLabels in(
      Collection<Map<String, String>> descriptions, List<String> attributes) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String attribute : attributes) {
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
          "The pictures do not differ in any of " + attributes + ": there is nothing to learn.");
    }
    return new AttributeLabels(values);
  }

  /** The values of an attribute that is told apart. */
  public List<String> of(String attribute) {
    return Objects.requireNonNull(values.get(attribute), attribute);
  }

  /** The position of a picture's value of an attribute, or {@link #NONE}. */
  public long target(String attribute, Map<String, String> description) {
    String value = description.get(attribute);
    int index = value == null ? -1 : of(attribute).indexOf(value);
    return index < 0 ? NONE : index;
  }

  /**
   * The cross-entropies of all attributes together. A picture that lacks an attribute does not
   * count for it.
   *
   * @param logits of attributes, each (pictures, its values)
   * @param descriptions of the pictures
   * @return one number
   */
  public NDArray crossEntropy(Map<String, NDArray> logits, List<Map<String, String>> descriptions) {
    NDManager manager = logits.values().iterator().next().getManager();
    NDArray sum = manager.create(0f);
    for (Map.Entry<String, NDArray> attribute : logits.entrySet()) {
      long[] targets =
          descriptions.stream()
              .mapToLong(description -> target(attribute.getKey(), description))
              .toArray();
      if (Arrays.stream(targets).anyMatch(target -> target != NONE)) {
        // The mean over no picture would not be a number.
        sum = sum.add(TensorOperators.crossEntropy(attribute.getValue(), manager.create(targets)));
      }
    }
    return sum;
  }

  /** Whether a picture has any value that is told apart. */
  public boolean knowSomethingOf(Map<String, String> description) {
    return values.keySet().stream().anyMatch(description::containsKey);
  }

  public String toJson() {
    return new Gson().toJson(values);
  }

  /**
   * @throws IllegalArgumentException if the text is no table of labels
   */
  public static AttributeLabels fromJson(String json) {
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
    return new AttributeLabels(values);
  }
}
