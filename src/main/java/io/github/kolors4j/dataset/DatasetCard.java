package io.github.kolors4j.dataset;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What the head of a data set's README says about its files: subsets ({@code config_name}), their
 * splits, and the patterns of the paths that belong to each. Hugging Face and ModelScope (data sets
 * of type 4) read it alike.
 *
 * @param subsets subset → split → patterns, in the README's order; empty if it says nothing
 */
record DatasetCard(Map<String, Map<String, List<String>>> subsets) {
  private static final int LONGEST_PATTERN = 300;

  /** The words that mean a split where nothing else tells, as Hugging Face's library has them. */
  private static final Map<String, String> KEYWORDS =
      Map.of(
          "train", "train|training",
          "validation", "validation|valid|val|dev",
          "test", "test|testing|eval|evaluation");

  /**
   * Reads the YAML between the first two lines of three dashes.
   *
   * @throws DatasetException if it is no YAML
   */
  static DatasetCard parse(String readme) {
    Map<String, Map<String, List<String>>> subsets = new LinkedHashMap<>();
    String text = readme.startsWith("\ufeff") ? readme.substring(1) : readme;
    String[] parts = text.split("(?m)^---\\s*$", 3);
    if (parts.length < 3 || !parts[0].isBlank()) {
      return new DatasetCard(subsets);
    }
    Object head;
    try {
      head = new Yaml(new SafeConstructor(new LoaderOptions())).load(parts[1]);
    } catch (YAMLException e) {
      throw new DatasetException(
          "The head of the data set's README.md is damaged: " + e.getMessage(), e);
    }
    if (head instanceof Map<?, ?> map && map.get("configs") instanceof List<?> configs) {
      for (Object config : configs) {
        if (config instanceof Map<?, ?> entries && entries.get("data_files") != null) {
          Object name = entries.get("config_name");
          subsets.put(
              name == null ? "default" : name.toString(), splits(entries.get("data_files")));
        }
      }
    }
    return new DatasetCard(subsets);
  }

  private static Map<String, List<String>> splits(Object dataFiles) {
    Map<String, List<String>> splits = new LinkedHashMap<>();
    if (dataFiles instanceof Map<?, ?> bySplit) {
      bySplit.forEach((split, paths) -> add(splits, split, paths));
    } else if (dataFiles instanceof List<?> list) {
      for (Object entry : list) {
        if (entry instanceof Map<?, ?> map) {
          add(splits, map.get("split"), map.get("path"));
        } else {
          add(splits, "train", entry);
        }
      }
    } else {
      add(splits, "train", dataFiles);
    }
    return splits;
  }

  private static void add(
      Map<String, List<String>> splits, @Nullable Object split, @Nullable Object paths) {
    List<String> patterns =
        splits.computeIfAbsent(split == null ? "train" : split.toString(), s -> new ArrayList<>());
    for (Object path : paths instanceof List<?> list ? list : List.of(String.valueOf(paths))) {
      patterns.add(String.valueOf(path));
    }
  }

  /**
   * Which paths belong to a split.
   *
   * @return empty if the README names no subsets at all
   * @throws DatasetException if it names others only
   */
  Optional<Predicate<String>> filesOf(String subset, String split) {
    if (subsets.isEmpty()) {
      return Optional.empty();
    }
    Map<String, List<String>> splits = subsets.get(subset);
    if (splits == null) {
      throw new DatasetException(
          "There is no subset \"%s\"; there are %s.".formatted(subset, subsets.keySet()));
    }
    List<String> patterns = splits.get(split);
    if (patterns == null) {
      throw new DatasetException(
          "The subset %s has no split \"%s\"; it has %s."
              .formatted(subset, split, splits.keySet()));
    }
    List<Pattern> compiled = patterns.stream().map(DatasetCard::compile).toList();
    return Optional.of(path -> compiled.stream().anyMatch(p -> p.matcher(path).matches()));
  }

  /** {@code *} within a folder, {@code **} across folders, {@code ?} one character. */
  private static Pattern compile(String glob) {
    if (glob.length() > LONGEST_PATTERN) {
      throw new DatasetException("A pattern in the README.md is too long to be one.");
    }
    String pattern = glob.startsWith("./") ? glob.substring(2) : glob;
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      if (pattern.startsWith("**/", i)) {
        regex.append("(?:.*/)?");
        i += 2;
      } else if (pattern.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else if (pattern.charAt(i) == '*') {
        regex.append("[^/]*");
      } else if (pattern.charAt(i) == '?') {
        regex.append("[^/]");
      } else {
        regex.append(Pattern.quote(pattern.substring(i, i + 1)));
      }
    }
    return Pattern.compile(regex.toString());
  }

  /**
   * For a data set whose README says nothing: the split's name as a word in the path; a path
   * without any such word belongs to {@code train}.
   */
  static Predicate<String> byName(String split) {
    Pattern own = word(KEYWORDS.getOrDefault(split, Pattern.quote(split)));
    Pattern any = word(String.join("|", KEYWORDS.values()));
    return path -> {
      String lower = path.toLowerCase(Locale.ROOT);
      return own.matcher(lower).find() || split.equals("train") && !any.matcher(lower).find();
    };
  }

  private static Pattern word(String words) {
    return Pattern.compile("(?:^|[/._ -])(?:" + words + ")(?:[/._ -]|$)");
  }
}
