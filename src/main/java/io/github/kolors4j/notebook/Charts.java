package io.github.kolors4j.notebook;

import io.github.kolors4j.charts.Bars;
import io.github.kolors4j.charts.BoxPlot;
import io.github.kolors4j.charts.ChartStyle;
import io.github.kolors4j.charts.Histogram;
import io.github.kolors4j.charts.StatisticName;
import io.github.kolors4j.dataset.CaptionWords;
import io.github.kolors4j.juicer.Bounds;
import io.github.kolors4j.training.TrainingProgress;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.BoxChart;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * Charts of Tablesaw columns and of training runs. A chart is one call that returns it; nothing
 * opens a window. Labels are in Chinese and English, in the font that ships with the library.
 */
public final class Charts {
  private Charts() {}

  /**
   * How often the values of a numeric column occur, in bins of equal width; missing values are left
   * out.
   *
   * @throws IllegalArgumentException if there is no such column, it is not numeric, or it is empty
   */
  public static XYChart histogram(Table table, String column) {
    return histogram(table, column, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /** Same, with a filter's bounds drawn in; an infinite bound is not drawn. */
  public static XYChart histogram(Table table, String column, double lower, double upper) {
    StatisticName name = StatisticName.of(column);
    return Histogram.of(name.distribution(), name, values(table, column), new Bounds(lower, upper));
  }

  /** Two histograms over each other: the column before and after filtering. */
  public static XYChart compare(Table before, Table after, String column) {
    return compare(before, after, column, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /** Same, with the filter's bounds drawn in; an infinite bound is not drawn. */
  public static XYChart compare(
      Table before, Table after, String column, double lower, double upper) {
    StatisticName name = StatisticName.of(column);
    double[] kept = after.rowCount() > 0 ? values(after, column) : new double[0];
    return Histogram.beforeAfter(
        name.beforeAndAfter(), name, values(before, column), kept, new Bounds(lower, upper));
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

  /**
   * The words of a text column that occur most often, as {@link CaptionWords} finds them: Chinese
   * is segmented, and stop words are left out.
   *
   * @param count how many words to show
   */
  public static CategoryChart bars(Table table, String column, int count) {
    if (!(requireColumn(table, column) instanceof StringColumn texts)) {
      throw new IllegalArgumentException("The column " + column + " holds no texts.");
    }
    CaptionWords words = new CaptionWords();
    for (String text : texts) {
      words.add(CaptionWords.in(text));
    }
    return Bars.of(
        "文字里最常见的词 (most frequent words in captions)", "词 (word)", words.mostFrequent(count));
  }

  /** A bar for each entry, in the map's order. */
  public static CategoryChart bars(String title, Map<String, ? extends Number> values) {
    return Bars.of(title, "", values);
  }

  /**
   * The loss over a training run: each step's, pale, and the mean of the last ones.
   *
   * @param steps the steps' numbers
   * @param losses the loss at each
   */
  public static XYChart loss(double[] steps, double[] losses) {
    return loss(steps, losses, new double[0], new double[0]);
  }

  /** Same, with the validation loss, which is measured at fewer steps (or none). */
  public static XYChart loss(
      double[] steps, double[] losses, double[] validationSteps, double[] validationLosses) {
    if (steps.length != losses.length || validationSteps.length != validationLosses.length) {
      throw new IllegalArgumentException(
          "As many steps as losses are needed: "
              + steps.length
              + " and "
              + losses.length
              + ", "
              + validationSteps.length
              + " and "
              + validationLosses.length
              + ".");
    }
    XYChart chart =
        new XYChartBuilder()
            .width(ChartStyle.WIDTH)
            .height(ChartStyle.HEIGHT)
            .title("训练损失 (training loss)")
            .xAxisTitle("步 (step)")
            .yAxisTitle("损失 (loss)")
            .build();
    ChartStyle.apply(chart.getStyler());
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setXAxisMin(0.0);
    chart.getStyler().setXAxisMax(Math.max(10, last(steps)));
    chart.getStyler().setXAxisTickMarkSpacingHint(80);
    chart.getStyler().setYAxisDecimalPattern("0.###");
    if (steps.length > 0) {
      // XChart takes evenly spaced values for the ticks of the axis; these would be odd numbers.
      double[] x = steps.clone();
      x[0] -= 1e-3;
      line(chart, "每步 (each step)", x, losses, new Color(0x3b, 0x7d, 0xd8, 70), 1f);
      line(
          chart,
          "平滑 (mean of " + TrainingProgress.SMOOTHED_OVER + ")",
          x,
          smoothed(losses),
          new Color(0x1f4f9c),
          2.5f);
    } else {
      line(chart, "还没有数据 (no steps yet)", new double[] {0}, new double[] {0}, ChartStyle.BLUE, 1f);
    }
    if (validationSteps.length > 0) {
      line(chart, "验证 (validation)", validationSteps, validationLosses, ChartStyle.ORANGE, 2.5f)
          .setMarker(SeriesMarkers.CIRCLE)
          .setMarkerColor(new Color(0xd0, 0x70, 0x10));
    }
    return chart;
  }

  private static double last(double[] steps) {
    return steps.length == 0 ? 0 : steps[steps.length - 1];
  }

  private static XYSeries line(
      XYChart chart, String name, double[] x, double[] y, Color color, float width) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
    series.setMarker(SeriesMarkers.NONE).setLineColor(color).setLineStyle(new BasicStroke(width));
    return series;
  }

  /**
   * The mean of the last {@value TrainingProgress#SMOOTHED_OVER} losses at each step, or of as many
   * as there are: what a training's progress calls its loss. Those that overflowed are left out.
   */
  static double[] smoothed(double[] losses) {
    double[] result = new double[losses.length];
    for (int i = 0; i < losses.length; i++) {
      int first = Math.max(0, i + 1 - TrainingProgress.SMOOTHED_OVER);
      result[i] =
          Arrays.stream(losses, first, i + 1).filter(Double::isFinite).average().orElse(Double.NaN);
    }
    return result;
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
