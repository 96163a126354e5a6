package io.github.kolors4j.internal.concepts;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Hits by style and attribute: how well pictures of each style show what was asked for.
 *
 * @param styles style → attribute → hits; attributes in the order of the classifier's
 */
public record HitTable(TreeMap<String, Map<String, Hits>> styles) {
  /** The row of pictures of which no style was asked. */
  public static final String ANY_STYLE = "any style";

  public HitTable() {
    this(new TreeMap<>());
  }

  /** Counts one picture. */
  public void count(String style, String attribute, boolean right) {
    styles
        .computeIfAbsent(style, name -> new LinkedHashMap<>())
        .merge(attribute, new Hits(right ? 1 : 0, 1), Hits::plus);
  }

  /** Of one style; no hits of none where it was not asked for. */
  public Hits of(String style, String attribute) {
    return styles.getOrDefault(style, Map.of()).getOrDefault(attribute, Hits.NONE);
  }

  /** Of all styles together. */
  public Hits of(String attribute) {
    return styles.keySet().stream()
        .map(style -> of(style, attribute))
        .reduce(Hits.NONE, Hits::plus);
  }

  /** Those attributes of the given that were asked for at all, in their order. */
  public Collection<String> asked(Set<String> attributes) {
    return attributes.stream().filter(attribute -> of(attribute).all() > 0).toList();
  }

  /**
   * The share of hits that this table promises for the pictures of another: its own shares, each
   * style counted as often as there. Not a number where this table has never met what is asked.
   */
  public double expected(String attribute, HitTable asked) {
    double sum = 0;
    for (String style : asked.styles.keySet()) {
      double share = style.equals(ANY_STYLE) ? of(attribute).share() : of(style, attribute).share();
      int weight = asked.of(style, attribute).all();
      sum += weight == 0 ? 0 : weight * share;
    }
    return sum / asked.of(attribute).all();
  }

  public String toJson() {
    return new Gson().toJson(styles);
  }

  /**
   * @throws IllegalArgumentException if the text is no such table
   */
  public static HitTable fromJson(String json) {
    TreeMap<String, Map<String, Hits>> styles;
    try {
      styles = new Gson().fromJson(json, new TypeToken<TreeMap<String, Map<String, Hits>>>() {});
    } catch (JsonParseException e) {
      throw new IllegalArgumentException("not a table of hits: " + e.getMessage(), e);
    }
    if (styles == null
        || styles.values().stream().anyMatch(row -> row == null || row.containsValue(null))) {
      throw new IllegalArgumentException("an empty table of hits");
    }
    return new HitTable(styles);
  }
}
