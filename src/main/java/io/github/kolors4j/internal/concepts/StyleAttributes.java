package io.github.kolors4j.internal.concepts;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What each drawing style can draw, as its renderings show: nothing else can be asked of a picture
 * in that style.
 *
 * @param styles style → attribute → values
 */
public record StyleAttributes(Map<String, Map<String, List<String>>> styles) {
  /** What sunglasses and hats make invisible: nothing to judge there. */
  private static final Map<String, String> INVISIBLE =
      Map.of("eyes", "hidden", "hairColor", "none");

  /**
   * Collects what occurs in descriptions of renderings (attribute → value, the style among them).
   */
  public static StyleAttributes in(Collection<Map<String, String>> descriptions) {
    Map<String, Map<String, TreeSet<String>>> found = new TreeMap<>();
    for (Map<String, String> description : descriptions) {
      Map<String, TreeSet<String>> own =
          found.computeIfAbsent(
              description.getOrDefault("style", HitTable.ANY_STYLE), style -> new TreeMap<>());
      description.forEach(
          (attribute, value) -> own.computeIfAbsent(attribute, name -> new TreeSet<>()).add(value));
    }
    Map<String, Map<String, List<String>>> styles = new TreeMap<>();
    found.forEach(
        (style, attributes) -> {
          Map<String, List<String>> values = new TreeMap<>();
          attributes.forEach((attribute, all) -> values.put(attribute, List.copyOf(all)));
          styles.put(style, values);
        });
    return new StyleAttributes(styles);
  }

  /**
   * Whether a picture can be right or wrong about a value: it can be seen, and the style draws it
   * and something else as well. The style itself can always be told; of a style that is not known
   * everything is judged.
   */
  public boolean canShow(@Nullable String style, String attribute, String value) {
    if (value.equals(INVISIBLE.get(attribute))) {
      return false;
    }
    Map<String, List<String>> own = style == null ? null : styles.get(style);
    if (own == null || attribute.equals("style")) {
      return true;
    }
    List<String> values = own.getOrDefault(attribute, List.of());
    boolean choice =
        values.stream().filter(other -> !other.equals(INVISIBLE.get(attribute))).count() > 1;
    return choice && values.contains(value);
  }

  public String toJson() {
    return new Gson().toJson(styles);
  }

  /**
   * @throws IllegalArgumentException if the text is no such table
   */
  public static StyleAttributes fromJson(String json) {
    try {
      Map<String, Map<String, List<String>>> styles =
          new Gson().fromJson(json, new TypeToken<TreeMap<String, Map<String, List<String>>>>() {});
      if (styles == null || styles.containsValue(null)) {
        throw new IllegalArgumentException("an empty table of styles");
      }
      return new StyleAttributes(styles);
    } catch (JsonParseException e) {
      throw new IllegalArgumentException("not a table of styles: " + e.getMessage(), e);
    }
  }
}
