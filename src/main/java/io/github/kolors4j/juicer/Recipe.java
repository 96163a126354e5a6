package io.github.kolors4j.juicer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a recipe file says.
 *
 * @param projectName a name for people
 * @param datasetPath the data set's file, as written
 * @param exportPath the result's file, as written
 * @param threads {@code np}: how many samples are worked on at once
 * @param textKeys the fields that hold text
 * @param imageKey the field that holds the list of pictures
 * @param process the operators, in order
 * @param notices what was ignored, in words
 */
public record Recipe(
    String projectName,
    String datasetPath,
    String exportPath,
    int threads,
    List<String> textKeys,
    String imageKey,
    List<Operator> process,
    List<String> notices) {
  private static final Set<String> USED =
      Set.of(
          "project_name",
          "dataset_path",
          "export_path",
          "np",
          "text_keys",
          "image_key",
          "image_special_token",
          "process");

  /** Keys of data-juicer that change nothing for pictures and captions, or not in this program. */
  private static final Set<String> IGNORED =
      Set.of(
          "executor_type",
          "export_shard_size",
          "export_in_parallel",
          "keep_stats_in_res_ds",
          "keep_hashes_in_res_ds",
          "audio_key",
          "audio_special_token",
          "video_key",
          "video_special_token",
          "eoc_special_token",
          "suffixes",
          "turbo",
          "use_cache",
          "ds_cache_dir",
          "cache_compress",
          "use_checkpoint",
          "temp_dir",
          "open_tracer",
          "op_list_to_trace",
          "trace_num",
          "op_fusion",
          "ray_address",
          "debug");

  /**
   * Reads a recipe.
   *
   * @throws RecipeException naming the line, if a key, an operator or a parameter is unknown or has
   *     a value of the wrong kind
   */
  public static Recipe read(Path file) {
    String yaml;
    try {
      yaml = Files.readString(file, StandardCharsets.UTF_8);
    } catch (java.nio.file.NoSuchFileException e) {
      throw new RecipeException("There is no recipe " + file.toAbsolutePath() + ".", e);
    } catch (IOException e) {
      throw new RecipeException("The recipe " + file + " cannot be read as UTF-8 text.", e);
    }
    return parse(file.getFileName().toString(), yaml);
  }

  /** Same, from a text; {@code source} is its name in messages. */
  static Recipe parse(String source, String yaml) {
    YamlValue root = YamlValue.parse(source, yaml);
    Map<String, YamlValue> keys = root.mapping("A recipe");
    List<String> notices = checkKeys(keys);
    if (!keys.containsKey("dataset_path")) {
      throw new RecipeException(
          source + " has no dataset_path: which pictures are to be filtered?");
    }
    long threads = keys.containsKey("np") ? keys.get("np").integer("np") : 4;
    if (threads < 1) {
      throw keys.get("np").error("np must be at least 1, not " + threads + ".");
    }
    return new Recipe(
        text(keys, "project_name", "hello_world"),
        text(keys, "dataset_path", ""),
        text(keys, "export_path", "./outputs/hello_world.jsonl"),
        (int) Math.min(threads, 64),
        textKeys(keys.get("text_keys")),
        text(keys, "image_key", "images"),
        operators(keys.get("process")),
        notices);
  }

  private static List<String> checkKeys(Map<String, YamlValue> keys) {
    List<String> notices = new ArrayList<>();
    keys.forEach(
        (key, value) -> {
          if (IGNORED.contains(key)) {
            notices.add("配方里的 " + key + " 被忽略 (the recipe's " + key + " has no effect here)");
          } else if (!USED.contains(key)) {
            Set<String> known = new TreeSet<>(USED);
            known.addAll(IGNORED);
            throw value.error("a recipe has no key \"" + key + "\"" + Nearest.hint(key, known));
          }
        });
    return List.copyOf(notices);
  }

  private static String text(Map<String, YamlValue> keys, String key, String defaultValue) {
    YamlValue value = keys.get(key);
    return value == null || value.isNull() ? defaultValue : value.text(key);
  }

  private static List<String> textKeys(YamlValue value) {
    if (value == null || value.isNull()) {
      return List.of("text");
    }
    if (!value.isList()) {
      return List.of(value.text("text_keys"));
    }
    return value.list("text_keys").stream().map(key -> key.text("text_keys")).toList();
  }

  private static List<Operator> operators(YamlValue process) {
    if (process == null || process.isNull()) {
      return List.of();
    }
    List<Operator> operators = new ArrayList<>();
    for (YamlValue item : process.list("process")) {
      Map<String, YamlValue> entry = item.mapping("an item of process");
      if (entry.size() != 1) {
        throw item.error(
            "an item of process is one operator, with its parameters indented under it, not "
                + entry.keySet()
                + ".");
      }
      entry.forEach(
          (name, parameters) ->
              operators.add(Operators.create(name, parameters.mapping(name), item)));
    }
    return List.copyOf(operators);
  }
}
