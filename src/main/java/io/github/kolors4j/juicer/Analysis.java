package io.github.kolors4j.juicer;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.github.kolors4j.internal.NearestName;
import io.github.kolors4j.internal.dataset.CaptionWords;
import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.internal.juicer.Bounds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What a recipe's filters measure on a whole data set, of which nothing is thrown out
 * (data-juicer's {@code dj-analyze}). Mappers, deduplicators and selectors of the recipe are passed
 * over, as there.
 *
 * <pre>{@code
 * var analysis = Juicer.analyze(Path.of("recipe.yaml"));
 * analysis.overall()                                     // mean, percentiles, … of each statistic
 * Charts.compare(analysis, "image_width")                // before and after filtering
 * }</pre>
 */
public final class Analysis {
  private static final String STATISTICS = "__dj__stats__";
  private static final int BATCH = 1000;

  private final Path result;
  private final AnalysisOptions options;
  private final Map<String, StatisticColumn> columns;
  private final Map<String, Bounds> bounds;
  private final IntColumn lines;
  private final BitSet kept;
  private final CaptionWords words;
  private final List<String> notices;

  /**
   * {@code result} is the recipe's export path, absolute; {@code lines} has the samples' lines, and
   * {@code kept} the indices of those that every filter lets through.
   */
  Analysis(
      Path result,
      AnalysisOptions options,
      Map<String, StatisticColumn> columns,
      Map<String, Bounds> bounds,
      IntColumn lines,
      BitSet kept,
      CaptionWords words,
      List<String> notices) {
    this.result = result;
    this.options = options;
    this.columns = new TreeMap<>(columns);
    this.bounds = Map.copyOf(bounds);
    this.lines = lines;
    this.kept = kept;
    this.words = words;
    this.notices = List.copyOf(notices);
  }

  /** How many samples were measured: all that have a text. */
  public int samples() {
    return lines.size();
  }

  /** How many of them every filter of the recipe would keep. */
  public int kept() {
    return kept.cardinality();
  }

  /** The names of the statistics, in alphabetical order: {@code aspect_ratios, image_height, …}. */
  public List<String> statistics() {
    return List.copyOf(columns.keySet());
  }

  /**
   * One column a statistic, and the rows {@code count, mean, std, min, 25%, 50%, 75%, max} (with
   * more percentiles if the recipe asks for {@code percentiles}): pandas' {@code describe()}.
   */
  public Table overall() {
    return OverallTable.of(List.copyOf(columns.values()), options.percentiles());
  }

  /**
   * A statistic's values over all samples; of one that has a value a picture, each of them.
   *
   * @throws IllegalArgumentException if there is no such statistic
   */
  public double[] values(String statistic) {
    return column(statistic).values();
  }

  /** The values of those samples that every filter of the recipe would keep. */
  public double[] keptValues(String statistic) {
    return column(statistic).values(kept);
  }

  /**
   * The value of a statistic below which a share of its values lie, interpolated as in {@link
   * #overall}.
   *
   * @param share from 0 to 1: 0.05 for 5 %
   * @throws IllegalArgumentException if there is no such statistic, or the share is none
   */
  public double percentile(String statistic, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "A percentile is from 0 to 1 (0.95 for 95 %), not " + share + ".");
    }
    return OverallTable.percentile(OverallTable.statistics(column(statistic)), share);
  }

  /** Between which values the recipe's filters keep a sample; infinite where nothing bounds it. */
  public Bounds bounds(String statistic) {
    column(statistic);
    return bounds.getOrDefault(statistic, Bounds.NONE);
  }

  /**
   * One row a sample: {@code line}, its statistics (the mean where it has several pictures; missing
   * where it has none, or they cannot be read) and {@code kept}.
   */
  public Table table() {
    Table table = Table.create("样本 (samples)", lines.copy());
    columns.forEach(
        (name, column) ->
            table.addColumns(OverallTable.shownShort(DoubleColumn.create(name, column.means()))));
    BooleanColumn stays = BooleanColumn.create("kept");
    IntStream.range(0, lines.size()).forEach(sample -> stays.append(kept.get(sample)));
    return table.addColumns(stays);
  }

  /**
   * Pearson's correlation of each statistic with each other, from -1 to 1, over the samples that
   * have both; missing where one of them is the same everywhere. Later versions of data-juicer
   * (1.4.1) compute it, too, but take 0 for a sample without pictures.
   */
  public Table correlation() {
    Table table = Table.create("相关系数 (correlation)", StringColumn.create("", statistics()));
    List<double[]> means = columns.values().stream().map(StatisticColumn::means).toList();
    List<String> names = statistics();
    for (int i = 0; i < names.size(); i++) {
      DoubleColumn column = DoubleColumn.create(names.get(i));
      for (double[] other : means) {
        column.append(correlation(means.get(i), other));
      }
      table.addColumns(OverallTable.shownShort(column));
    }
    return table;
  }

  private static double correlation(double[] first, double[] second) {
    int[] both =
        IntStream.range(0, first.length)
            .filter(i -> !Double.isNaN(first[i]) && !Double.isNaN(second[i]))
            .toArray();
    if (both.length < 2) {
      return Double.NaN;
    }
    return new PearsonsCorrelation()
        .correlation(
            IntStream.of(both).mapToDouble(i -> first[i]).toArray(),
            IntStream.of(both).mapToDouble(i -> second[i]).toArray());
  }

  /** The most frequent words of the texts with their frequencies, without stop words. */
  public Map<String, Integer> words(int count) {
    return words.mostFrequent(count);
  }

  /** What could not be measured and what was passed over, in words. */
  public List<String> notices() {
    return notices;
  }

  /** The folder {@code analysis} beside the recipe's export path. */
  public Path folder() {
    return result.resolveSibling("analysis");
  }

  /** {@code save_stats_in_one_file}: whether the recipe asks for all charts in one picture. */
  public boolean wantsOnePicture() {
    return options.inOneFile();
  }

  /**
   * Writes {@code overall.csv} and {@code overall.md} into {@link #folder}, and beside the export
   * path the statistics of every sample, {@code result_stats.jsonl}, all as data-juicer does.
   *
   * @return the files
   */
  public List<Path> write() {
    Table overall = overall();
    Path csv = folder().resolve("overall.csv");
    Path markdown = folder().resolve("overall.md");
    String name = result.getFileName().toString();
    int dot = name.lastIndexOf('.');
    Path all = result.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + "_stats.jsonl");
    try {
      AtomicFile.writeText(csv, OverallFiles.csv(overall));
      AtomicFile.writeText(markdown, OverallFiles.markdown(overall));
      writeStatistics(all);
    } catch (IOException e) {
      throw new RecipeException(
          "The analysis cannot be written to " + folder() + ": " + e.getMessage(), e);
    }
    return List.of(csv, markdown, all);
  }

  /** A thousand lines at a time, so that they need not all be there at once. */
  private void writeStatistics(Path file) throws IOException {
    Columns fields = new Columns();
    IntStream.range(0, samples()).forEach(sample -> fields.add(line(sample)));
    ResultJson writer = new ResultJson(fields, false);
    AtomicFile.write(
        file,
        out -> {
          for (int start = 0; start < samples(); start += BATCH) {
            List<JsonObject> batch = new ArrayList<>();
            for (int i = start; i < Math.min(start + BATCH, samples()); i++) {
              batch.add(line(i));
            }
            for (String line : writer.write(batch)) {
              out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            }
          }
        });
  }

  private JsonObject line(int sample) {
    JsonObject values = new JsonObject();
    columns.forEach(
        (name, column) -> {
          JsonElement value = column.element(sample);
          values.add(name, value == null ? JsonNull.INSTANCE : value);
        });
    JsonObject line = new JsonObject();
    line.add(STATISTICS, values);
    return line;
  }

  private StatisticColumn column(String statistic) {
    StatisticColumn column = columns.get(statistic);
    if (column == null) {
      throw new IllegalArgumentException(
          "The recipe's filters measure no \""
              + statistic
              + "\""
              + NearestName.hint(statistic, columns.keySet())
              + " They measure "
              + columns.keySet()
              + ".");
    }
    return column;
  }

  @Override
  public String toString() {
    String text =
        String.format(
            "%d 个样本，%d 种统计量，全部过滤器会保留 %d 个 (%d samples, %d statistics, %d would be kept)",
            samples(), columns.size(), kept(), samples(), columns.size(), kept());
    return notices.isEmpty() ? text : text + "\n  " + String.join("\n  ", notices);
  }
}
