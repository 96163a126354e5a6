package io.github.kolors4j.juicer;

import com.google.gson.JsonObject;
import io.github.kolors4j.dataset.DatasetException;
import io.github.kolors4j.internal.NearestName;
import io.github.kolors4j.internal.dataset.TextEncoding;
import io.github.kolors4j.internal.files.RegularFile;
import io.github.kolors4j.internal.juicer.Bounds;
import io.github.kolors4j.internal.juicer.Deduplicator;
import io.github.kolors4j.internal.juicer.Filter;
import io.github.kolors4j.internal.juicer.Operator;
import io.github.kolors4j.internal.juicer.Sample;
import io.github.kolors4j.internal.juicer.YamlValue;
import io.github.kolors4j.internal.juicer.operators.OperatorCatalog;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a recipe file says.
 *
 * @param projectName a name for people
 * @param datasetPath the data set's file, as written
 * @param exportPath the result's file, as written
 * @param executor where the samples are worked on
 * @param threads {@code np}: how many samples are worked on at once, at most one a processor
 * @param textKeys the fields that hold text
 * @param imageKey the field that holds the list of pictures
 * @param encoding {@code encoding}: of the data set's files of text, UTF-8 if nothing is said
 * @param suffixes endings of the files to read, if {@code datasetPath} is a folder; none for all
 * @param export how the result is written
 * @param tracing whether the changes of each operator are written beside the result
 * @param skipErrors {@code skip_op_error}: whether a sample whose picture cannot be read is skipped
 *     and reported; otherwise it stops the recipe
 * @param temporaryFolder {@code temp_dir}: where samples wait that are too many for the memory, as
 *     written; otherwise beside the result
 * @param process the operators, in order
 * @param yaml the recipe itself
 * @param notices what was ignored, in words
 */
public record Recipe(
    String projectName,
    String datasetPath,
    String exportPath,
    Executor executor,
    int threads,
    List<String> textKeys,
    String imageKey,
    TextEncoding encoding,
    List<String> suffixes,
    Export export,
    Tracing tracing,
    boolean skipErrors,
    Optional<String> temporaryFolder,
    List<Operator> process,
    String yaml,
    List<String> notices) {

  /**
   * Where the samples are worked on.
   *
   * @param type {@code executor_type}: {@code default} for this process, or {@code spark}
   * @param sparkMaster {@code spark_master}: the address of Spark's cluster, such as {@code
   *     spark://host:7077}; otherwise the system property {@code spark.master}, or {@code local[*]}
   */
  public record Executor(String type, Optional<String> sparkMaster) {
    static final String LOCAL = "default";
    static final String SPARK = "spark";
  }

  /**
   * How the result is written.
   *
   * @param shardSize {@code export_shard_size}: the most bytes of a file; 0 for one file
   * @param keepStatistics {@code keep_stats_in_res_ds}: whether the statistics are a field of it
   * @param keepHashes {@code keep_hashes_in_res_ds}: whether the hashes are fields of it
   */
  public record Export(long shardSize, boolean keepStatistics, boolean keepHashes) {}

  /**
   * What is written into the folder {@code trace} beside the result.
   *
   * @param open {@code open_tracer}: whether anything is
   * @param operators {@code op_list_to_trace}: the operators to trace; none for all
   * @param samples {@code trace_num}: at most so many samples an operator
   */
  public record Tracing(boolean open, List<String> operators, int samples) {
    boolean traces(Operator operator) {
      return open && (operators.isEmpty() || operators.contains(operator.name()));
    }
  }

  private static final Set<String> USED =
      Set.of(
          "project_name",
          "dataset_path",
          "export_path",
          "np",
          "text_keys",
          "image_key",
          "image_special_token",
          "executor_type",
          "spark_master",
          "encoding",
          "suffixes",
          "export_shard_size",
          "keep_stats_in_res_ds",
          "keep_hashes_in_res_ds",
          "open_tracer",
          "op_list_to_trace",
          "trace_num",
          "skip_op_error",
          "temp_dir",
          "export_in_parallel",
          "percentiles",
          "save_stats_in_one_file",
          "process");

  /** Keys of data-juicer that change nothing for pictures and captions, or not in this program. */
  private static final Set<String> IGNORED =
      Set.of(
          "export_original_dataset",
          "audio_key",
          "audio_special_token",
          "video_key",
          "video_special_token",
          "eoc_special_token",
          "turbo",
          "use_cache",
          "ds_cache_dir",
          "cache_compress",
          "use_checkpoint",
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
    return read(file, Map.of());
  }

  private static String text(Path file) {
    try {
      return Files.readString(RegularFile.require(file), StandardCharsets.UTF_8);
    } catch (java.nio.file.NoSuchFileException e) {
      throw new RecipeException("There is no recipe " + file.toAbsolutePath() + ".", e);
    } catch (CharacterCodingException e) {
      throw new RecipeException("The recipe " + file + " cannot be read as UTF-8 text.", e);
    } catch (IOException e) {
      throw new RecipeException("The recipe cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a recipe, with other values for some of its keys, as on data-juicer's command line. Only
   * then is it checked: an option stands in for a key that is missing, or wrong.
   *
   * @param replacements values by keys, written as in a recipe, such as {@code "np"} and {@code
   *     "2"}
   */
  public static Recipe read(Path file, Map<String, String> replacements) {
    return parse(file.getFileName().toString(), text(file), replacements);
  }

  /** Same, from a text; {@code source} is its name in messages. */
  static Recipe parse(String source, String yaml) {
    return parse(source, yaml, Map.of());
  }

  private static Recipe parse(String source, String text, Map<String, String> replacements) {
    Map<String, YamlValue> keys =
        new LinkedHashMap<>(YamlValue.parse(source, text).mapping("A recipe"));
    replacements.forEach((key, value) -> keys.put(key, YamlValue.parse("--" + key, value)));
    String yaml = replacements.isEmpty() ? text : YamlValue.dump(keys);
    List<String> notices = checkKeys(keys);
    if (!keys.containsKey("dataset_path")) {
      throw new RecipeException(
          source + " has no dataset_path: which pictures are to be filtered?");
    }
    if (text(keys, "dataset_path", "").isBlank()) {
      throw error(
          keys,
          "dataset_path",
          "dataset_path is empty. Name the data set's file or folder; . is this folder.");
    }
    if (keys.containsKey("export_path") && text(keys, "export_path", "").isBlank()) {
      throw error(
          keys,
          "export_path",
          "export_path is empty. Name the file of the result, such as out/result.jsonl.");
    }
    long threads = number(keys, "np", 4);
    if (threads < 1) {
      throw error(keys, "np", "np must be at least 1, not " + threads + ".");
    }
    List<String> textKeys = texts(keys, "text_keys", List.of("text"));
    if (textKeys.isEmpty()) {
      throw error(keys, "text_keys", "text_keys must name a field, such as text.");
    }
    String imageKey = text(keys, "image_key", "images");
    return new Recipe(
        text(keys, "project_name", "hello_world"),
        text(keys, "dataset_path", ""),
        text(keys, "export_path", "./outputs/hello_world.jsonl"),
        executor(keys, notices),
        (int) Math.min(threads, Runtime.getRuntime().availableProcessors()),
        textKeys,
        imageKey,
        encoding(keys),
        texts(keys, "suffixes", List.of()),
        new Export(
            number(keys, "export_shard_size", 0),
            truth(keys, "keep_stats_in_res_ds", false),
            truth(keys, "keep_hashes_in_res_ds", false)),
        new Tracing(
            truth(keys, "open_tracer", false),
            texts(keys, "op_list_to_trace", List.of()),
            (int) Math.min(number(keys, "trace_num", 10), Integer.MAX_VALUE)),
        truth(keys, "skip_op_error", true),
        text(keys, "temp_dir"),
        operators(keys, textKeys.get(0), imageKey),
        yaml,
        List.copyOf(notices));
  }

  private static TextEncoding encoding(Map<String, YamlValue> keys) {
    String name = text(keys, "encoding", TextEncoding.UTF_8.name());
    try {
      return TextEncoding.of(name);
    } catch (DatasetException e) {
      throw error(keys, "encoding", Objects.requireNonNull(e.getMessage(), "what is wrong"));
    }
  }

  private static Executor executor(Map<String, YamlValue> keys, List<String> notices) {
    String type = text(keys, "executor_type", Executor.LOCAL);
    if (type.equals("ray")) {
      notices.add(
          "配方里的 executor_type: ray 被忽略，在本机运行 (executor_type ray runs in this process here)");
      type = Executor.LOCAL;
    }
    if (!List.of(Executor.LOCAL, Executor.SPARK).contains(type)) {
      throw error(
          keys, "executor_type", "executor_type is default or spark, not \"" + type + "\".");
    }
    return new Executor(type, text(keys, "spark_master"));
  }

  /** A sample's fields, and what was measured, in the order in which its operators came. */
  JsonObject line(Sample sample, boolean statistics, boolean hashes) {
    JsonObject line = new JsonObject();
    sample.fields().entrySet().forEach(field -> line.add(field.getKey(), field.getValue()));
    Optional<Operator> first =
        process.stream().filter(o -> o instanceof Filter || o instanceof Deduplicator).findFirst();
    boolean hashesFirst = first.isPresent() && first.get() instanceof Deduplicator;
    if (hashes && hashesFirst) {
      sample.hashes().forEach(line::addProperty);
    }
    if (statistics) {
      line.add(Sample.STATISTICS, SampleBytes.object(sample.statistics()));
    }
    if (hashes && !hashesFirst) {
      sample.hashes().forEach(line::addProperty);
    }
    return line;
  }

  List<Filter> filters() {
    return process.stream().filter(Filter.class::isInstance).map(Filter.class::cast).toList();
  }

  /** Between which values of each statistic its filters keep a sample. */
  Map<String, Bounds> bounds() {
    Map<String, Bounds> bounds = new HashMap<>();
    for (Filter filter : filters()) {
      filter.bounds().forEach((statistic, range) -> bounds.merge(statistic, range, Bounds::and));
    }
    return bounds;
  }

  /** Starts a recipe in Java. */
  public static RecipeBuilder builder(String datasetPath) {
    return new RecipeBuilder(datasetPath);
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
            throw value.error("a recipe has no key \"" + key + "\"" + NearestName.hint(key, known));
          }
        });
    return notices;
  }

  private static String text(Map<String, YamlValue> keys, String key, String defaultValue) {
    return text(keys, key).orElse(defaultValue);
  }

  private static Optional<String> text(Map<String, YamlValue> keys, String key) {
    return value(keys, key).map(value -> value.text(key));
  }

  /** What a key has, unless that is null. */
  private static Optional<YamlValue> value(Map<String, YamlValue> keys, String key) {
    return Optional.ofNullable(keys.get(key)).filter(value -> !value.isNull());
  }

  /** One text, or several in a list. */
  private static List<String> texts(
      Map<String, YamlValue> keys, String key, List<String> defaultValue) {
    return value(keys, key).map(value -> texts(value, key)).orElse(defaultValue);
  }

  private static List<String> texts(YamlValue value, String key) {
    return value.isList()
        ? value.list(key).stream().map(item -> item.text(key)).toList()
        : List.of(value.text(key));
  }

  private static boolean truth(Map<String, YamlValue> keys, String key, boolean defaultValue) {
    return value(keys, key).map(value -> value.isTrue(key)).orElse(defaultValue);
  }

  private static long number(Map<String, YamlValue> keys, String key, long defaultValue) {
    long number = value(keys, key).map(value -> value.integer(key)).orElse(defaultValue);
    if (number < 0 && !key.equals("np")) {
      throw error(keys, key, key + " must not be negative.");
    }
    return number;
  }

  /** What to say of the value of a key that is there. */
  private static RecipeException error(Map<String, YamlValue> keys, String key, String message) {
    return Objects.requireNonNull(keys.get(key), key).error(message);
  }

  private static List<Operator> operators(
      Map<String, YamlValue> keys, String textKey, String imageKey) {
    List<YamlValue> process =
        value(keys, "process").map(value -> value.list("process")).orElse(List.of());
    List<Operator> operators = new ArrayList<>();
    for (YamlValue item : process) {
      Map<String, YamlValue> entry = item.mapping("an item of process");
      if (entry.size() != 1) {
        throw item.error(
            "an item of process is one operator, with its parameters indented under it, not "
                + entry.keySet()
                + ".");
      }
      entry.forEach(
          (name, parameters) ->
              operators.add(
                  OperatorCatalog.create(name, parameters.mapping(name), item, textKey, imageKey)));
    }
    return List.copyOf(operators);
  }
}
