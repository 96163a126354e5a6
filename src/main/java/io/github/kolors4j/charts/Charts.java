package io.github.kolors4j.charts;

import io.github.kolors4j.internal.dataset.CaptionWords;
import io.github.kolors4j.internal.juicer.Bounds;
import io.github.kolors4j.juicer.Analysis;
import io.github.kolors4j.juicer.JuicerResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.BoxChart;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.XYChart;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * Charts of a data set's statistics, of Tablesaw columns and of training runs. A chart is one call
 * that returns it; nothing opens a window. Labels are in Chinese and English, in the font that
 * ships with the library.
 *
 * <p>A statistic that does not exist, a column that is missing or not numeric, and one without
 * values are an {@link IllegalArgumentException} that says what there is.
 */
public final class Charts {
  private static final String WORDS = "文字里最常见的词 (most frequent words in captions)";

  private Charts() {}

  /** How often the values of a statistic occur, with the bounds that the recipe's filters set. */
  public static XYChart histogram(Analysis analysis, String statistic) {
    return Histogram.of(
        StatisticName.of(statistic), analysis.values(statistic), analysis.bounds(statistic));
  }

  /**
   * How often the values of a numeric column occur, in bins of equal width; missing values are left
   * out.
   */
  public static XYChart histogram(Table table, String column) {
    return histogram(table, column, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /** Same, with a filter's bounds drawn in; an infinite bound is not drawn. */
  public static XYChart histogram(Table table, String column, double lower, double upper) {
    return Histogram.of(StatisticName.of(column), values(table, column), new Bounds(lower, upper));
  }

  /**
   * Two histograms over each other: all samples, and those that the recipe's filters would keep.
   */
  public static XYChart compare(Analysis analysis, String statistic) {
    return Histogram.beforeAfter(
        StatisticName.of(statistic),
        analysis.values(statistic),
        analysis.keptValues(statistic),
        analysis.bounds(statistic));
  }

  /**
   * Two histograms over each other: a column of {@link JuicerResult#table} before and after
   * filtering, with the bounds that the recipe's filters set.
   */
  public static XYChart compare(JuicerResult result, String column) {
    return compare(result.table(), result.keptTable(), column, result.bounds(column));
  }

  /** Two histograms over each other: the column before and after filtering. */
  public static XYChart compare(Table before, Table after, String column) {
    return compare(before, after, column, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /** Same, with the filter's bounds drawn in; an infinite bound is not drawn. */
  public static XYChart compare(
      Table before, Table after, String column, double lower, double upper) {
    return compare(before, after, column, new Bounds(lower, upper));
  }

  private static XYChart compare(Table before, Table after, String column, Bounds bounds) {
    double[] kept = after.rowCount() > 0 ? values(after, column) : new double[0];
    return Histogram.beforeAfter(StatisticName.of(column), values(before, column), kept, bounds);
  }

  /** Median, quartiles and outliers of one or more statistics of the same unit. */
  public static BoxChart boxPlot(Analysis analysis, String... statistics) {
    if (statistics.length == 0) {
      throw new IllegalArgumentException("Name at least one of " + analysis.statistics() + ".");
    }
    Map<String, double[]> values = new LinkedHashMap<>();
    for (String statistic : statistics) {
      values.put(statistic, analysis.values(statistic));
    }
    return BoxPlot.of(values);
  }

  /** Median, quartiles and outliers of one or more numeric columns of the same unit. */
  public static BoxChart boxPlot(Table table, String... columns) {
    if (columns.length == 0) {
      throw new IllegalArgumentException("Name at least one column of " + table.columnNames());
    }
    Map<String, double[]> values = new LinkedHashMap<>();
    for (String column : columns) {
      values.put(column, values(table, column));
    }
    return BoxPlot.of(values);
  }

  /** How strongly each statistic of an analysis goes along with each other, from -1 to 1. */
  public static HeatMapChart correlation(Analysis analysis) {
    return CorrelationHeatMap.of(analysis);
  }

  /**
   * How alike things are to each other: blue for 1, white for 0, red for -1.
   *
   * @param things what they are, for the axes
   * @param values a row for each thing, in the names' order, from -1 to 1
   */
  public static HeatMapChart similarity(
      String title, String things, List<String> names, double[][] values) {
    if (values.length != names.size()) {
      throw new IllegalArgumentException(
          values.length + " rows of values for " + names.size() + " names.");
    }
    return CorrelationHeatMap.of(title, things, names, values);
  }

  /** The words that occur most often in an analysed data set's texts. */
  public static CategoryChart words(Analysis analysis, int count) {
    return bars(WORDS, "词 (word)", analysis.words(count));
  }

  /**
   * The words of a text column that occur most often, as {@link CaptionWords} finds them: Chinese
   * is segmented, and stop words are left out.
   *
   * @param count how many words to show
   */
  public static CategoryChart words(Table table, String column, int count) {
    if (!(requireColumn(table, column) instanceof StringColumn texts)) {
      throw new IllegalArgumentException("The column " + column + " holds no texts.");
    }
    CaptionWords words = new CaptionWords();
    for (String text : texts) {
      words.add(CaptionWords.in(text));
    }
    return bars(WORDS, "词 (word)", words.mostFrequent(count));
  }

  /**
   * A bar for each entry, in the map's order.
   *
   * @param things what the entries are, for the axis
   */
  public static CategoryChart bars(
      String title, String things, Map<String, ? extends Number> values) {
    return Bars.of(title, things, values);
  }

  /**
   * The loss over a training run: each step's, pale, the mean of the last ones, and the validation
   * loss, which is measured at fewer steps (or none).
   *
   * @param steps the steps' numbers
   * @param losses the loss at each
   */
  public static XYChart loss(
      double[] steps, double[] losses, double[] validationSteps, double[] validationLosses) {
    return LossChart.of(steps, losses, validationSteps, validationLosses);
  }

  /**
   * Lines over one axis.
   *
   * @param x the places on the axis, of all lines
   * @param lines each line's name and its values, in the map's order
   */
  public static XYChart lines(
      String title, String xTitle, String yTitle, double[] x, Map<String, double[]> lines) {
    return LineChart.of(title, xTitle, yTitle, x, lines);
  }

  private static Column<?> requireColumn(Table table, String column) {
    if (!table.containsColumn(column)) {
      throw new IllegalArgumentException(
          "The table has no column \"" + column + "\"; it has " + table.columnNames() + ".");
    }
    return table.column(column);
  }

  private static double[] values(Table table, String column) {
    requireColumn(table, column);
    if (!(table.column(column) instanceof NumericColumn<?> numbers)) {
      throw new IllegalArgumentException("The column " + column + " is not numeric.");
    }
    double[] values =
        IntStream.range(0, numbers.size())
            .filter(row -> !numbers.isMissing(row))
            .mapToDouble(numbers::getDouble)
            .toArray();
    if (values.length == 0) {
      throw new IllegalArgumentException("The column " + column + " has no values to draw.");
    }
    return values;
  }
}
