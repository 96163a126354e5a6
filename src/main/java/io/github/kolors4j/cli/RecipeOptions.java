package io.github.kolors4j.cli;

import com.google.gson.Gson;
import io.github.kolors4j.juicer.Recipe;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where a recipe is, and what takes the place of its keys: data-juicer's options. */
final class RecipeOptions {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "The recipe, in YAML. Its relative paths start at the working directory.")
  private Path config;

  @Option(
      names = "--dataset_path",
      paramLabel = "PATH",
      description =
          "A .jsonl, .json, .csv, .tsv or .parquet file, or a folder of them or of pictures.")
  private String datasetPath;

  @Option(
      names = "--export_path",
      paramLabel = "FILE",
      description = "The result, ending in .jsonl, .json, .parquet or .csv.")
  private String exportPath;

  @Option(names = "--np", description = "How many samples are worked on at once.")
  private Integer threads;

  @Option(
      names = "--executor_type",
      paramLabel = "default|spark",
      description = "Where the samples are worked on: in this process, or by Apache Spark.")
  private String executorType;

  @Option(
      names = "--spark_master",
      paramLabel = "ADDRESS",
      description = "Spark's cluster, such as spark://host:7077; otherwise local[*].")
  private String sparkMaster;

  @Option(names = "--project_name", paramLabel = "NAME", description = "A name for people.")
  private String projectName;

  @Option(
      names = "--text_keys",
      split = ",",
      paramLabel = "FIELD",
      description = "The fields that hold text.")
  private List<String> textKeys;

  @Option(
      names = "--image_key",
      paramLabel = "FIELD",
      description = "The field that holds the list of pictures.")
  private String imageKey;

  @Option(
      names = "--suffixes",
      split = ",",
      paramLabel = "ENDING",
      description = "Of a folder, only files with these endings.")
  private List<String> suffixes;

  @Option(
      names = "--encoding",
      paramLabel = "NAME",
      description = "The encoding of the data set's files of text, such as GBK; otherwise UTF-8.")
  private String encoding;

  @Option(
      names = "--export_shard_size",
      paramLabel = "BYTES",
      description = "The most bytes of one file of the result; 0 for one file.")
  private Long exportShardSize;

  @Option(
      names = "--keep_stats_in_res_ds",
      arity = "0..1",
      fallbackValue = "true",
      description = "The statistics become a field of the result.")
  private Boolean keepStatistics;

  @Option(
      names = "--keep_hashes_in_res_ds",
      arity = "0..1",
      fallbackValue = "true",
      description = "The hashes of deduplicators become fields of the result.")
  private Boolean keepHashes;

  @Option(
      names = "--open_tracer",
      arity = "0..1",
      fallbackValue = "true",
      description = "Write what each operator changed into the folder trace.")
  private Boolean openTracer;

  @Option(
      names = "--op_list_to_trace",
      split = ",",
      paramLabel = "OPERATOR",
      description = "The operators to trace; otherwise all.")
  private List<String> operatorsToTrace;

  @Option(names = "--trace_num", description = "The most samples to trace of an operator.")
  private Integer traceNumber;

  @Option(
      names = "--skip_op_error",
      arity = "0..1",
      fallbackValue = "true",
      paramLabel = "true|false",
      description = "false: stop at a picture that cannot be read. Otherwise it is left out.")
  private Boolean skipErrors;

  @Option(
      names = "--temp_dir",
      paramLabel = "FOLDER",
      description = "Where samples wait that are too many for the memory.")
  private String temporaryFolder;

  /** The recipe, checked with the options in their places. */
  Recipe read() {
    return Recipe.read(config, replacements());
  }

  /** The options that were given take the place of the recipe's keys of their names. */
  private Map<String, String> replacements() {
    Map<String, String> replacements = new LinkedHashMap<>();
    for (OptionSpec option : command.commandLine().getParseResult().matchedOptions()) {
      boolean isKey =
          option.userObject() instanceof Field field
              && field.getDeclaringClass() == RecipeOptions.class
              && !field.getName().equals("config");
      if (isKey) {
        // JSON is YAML, whatever characters a path has.
        Object value = option.getValue();
        replacements.put(option.longestName().substring(2), new Gson().toJson(value));
      }
    }
    return replacements;
  }
}
