package io.github.kolors4j.juicer;

import io.github.kolors4j.internal.juicer.YamlValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A recipe written in Java. It becomes the YAML that data-juicer reads ({@link Recipe#yaml}), and
 * is checked like one.
 *
 * <pre>{@code
 * Recipe recipe =
 *     Recipe.builder("data/metadata.jsonl")
 *         .exportPath("data/result.jsonl")
 *         .imageKey("image")
 *         .then("image_shape_filter", Map.of("min_width", 1024, "min_height", 1024))
 *         .then("image_deduplicator")
 *         .build();
 * }</pre>
 */
public final class RecipeBuilder {
  private final Map<String, Object> keys = new LinkedHashMap<>();
  private final List<Map<String, Object>> process = new ArrayList<>();

  RecipeBuilder(String datasetPath) {
    keys.put("dataset_path", datasetPath);
  }

  /** {@code project_name}: a name for people. */
  public RecipeBuilder projectName(String name) {
    return with("project_name", name);
  }

  /**
   * {@code export_path}: the result's file, ending in {@code .jsonl}, {@code .json}, {@code
   * .parquet} or {@code .csv}.
   */
  public RecipeBuilder exportPath(String path) {
    return with("export_path", path);
  }

  /** {@code encoding}: of the data set's files of text, such as {@code GBK}. */
  public RecipeBuilder encoding(String name) {
    return with("encoding", name);
  }

  /** {@code np}: how many samples are worked on at once. */
  public RecipeBuilder np(int threads) {
    return with("np", threads);
  }

  /**
   * {@code executor_type: spark} and {@code spark_master}: the cluster, such as {@code
   * spark://host:7077}, that works on the samples.
   */
  public RecipeBuilder spark(String master) {
    return with("executor_type", Recipe.Executor.SPARK).with("spark_master", master);
  }

  /** {@code text_keys}: the fields that hold text; operators work on the first. */
  public RecipeBuilder textKeys(String... textKeys) {
    return with("text_keys", List.of(textKeys));
  }

  /** {@code image_key}: the field that holds the list of pictures. */
  public RecipeBuilder imageKey(String imageKey) {
    return with("image_key", imageKey);
  }

  /** {@code export_shard_size}: the most bytes of one file of the result. */
  public RecipeBuilder exportShardSize(long bytes) {
    return with("export_shard_size", bytes);
  }

  /** {@code keep_stats_in_res_ds}: the statistics are a field of the result. */
  public RecipeBuilder keepStatistics() {
    return with("keep_stats_in_res_ds", true);
  }

  /** {@code keep_hashes_in_res_ds}: the deduplicators' hashes are fields of the result. */
  public RecipeBuilder keepHashes() {
    return with("keep_hashes_in_res_ds", true);
  }

  /**
   * {@code open_tracer} and {@code trace_num}: up to so many changed samples an operator are
   * written.
   */
  public RecipeBuilder trace(int samples) {
    return with("open_tracer", true).with("trace_num", samples);
  }

  /** {@code skip_op_error: false}: a picture that cannot be read stops the recipe. */
  public RecipeBuilder stopOnErrors() {
    return with("skip_op_error", false);
  }

  /** {@code temp_dir}: where samples wait that are too many for the memory. */
  public RecipeBuilder temporaryFolder(String folder) {
    return with("temp_dir", folder);
  }

  /** {@code op_list_to_trace}: with {@link #trace}, the operators to trace; otherwise all. */
  public RecipeBuilder traceOnly(String... operators) {
    return with("op_list_to_trace", List.of(operators));
  }

  /** Any other key of a recipe. */
  public RecipeBuilder with(String key, Object value) {
    keys.put(key, value);
    return this;
  }

  /** The next operator, with its default parameters. */
  public RecipeBuilder then(String operator) {
    return then(operator, Map.of());
  }

  /** The next operator; its parameters are numbers, texts, truth values and lists of them. */
  public RecipeBuilder then(String operator, Map<String, ?> parameters) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put(operator, parameters.isEmpty() ? null : new java.util.TreeMap<>(parameters));
    process.add(entry);
    return this;
  }

  /**
   * The finished recipe.
   *
   * @throws RecipeException if an operator, a parameter or a key is unknown or has a value of the
   *     wrong kind; the line is the one of {@link Recipe#yaml}
   */
  public Recipe build() {
    Map<String, Object> all = new LinkedHashMap<>(keys);
    all.put("process", process);
    return Recipe.parse("the recipe", YamlValue.dump((Object) all));
  }

  /** {@link #build}, run with its relative paths starting at the working directory. */
  public JuicerResult run() {
    return Juicer.run(build());
  }

  /** {@link #build}, run with its relative paths starting at {@code folder}. */
  public JuicerResult run(Path folder) {
    return Juicer.run(build(), folder);
  }
}
