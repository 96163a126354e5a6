package io.github.kolors4j.notebook;

import io.github.kolors4j.image.ChineseFont;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.knowm.xchart.BoxChart;
import org.knowm.xchart.BoxChartBuilder;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
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
  private static final int WIDTH = 760;
  private static final int HEIGHT = 420;
  private static final int BINS = 24;

  /** The share of values at each end that may lie so far away that a histogram leaves them out. */
  private static final double FEW = 0.02;

  private static final Color BLUE = new Color(0x3b, 0x7d, 0xd8, 150);
  private static final Color ORANGE = new Color(0xf0, 0x8c, 0x2e, 170);
  private static final Color RED = new Color(0xc0, 0x20, 0x20);

  /** What a learner calls the columns. */
  private static final Map<String, String> LABELS =
      Map.of(
          "image_width", "图片宽度，像素 (image width, pixels)",
          "image_height", "图片高度，像素 (image height, pixels)",
          "aspect_ratio", "宽高比 (width / height)",
          "caption_length", "文字长度，字符 (caption length, characters)",
          "bytes", "文件大小，字节 (file size, bytes)");

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
    XYChart chart = histogramChart(column);
    double[] values = values(table, column);
    double[] edges = edges(values, lower, upper);
    double highest = addBars(chart, "样本 (samples)", values, edges, BLUE);
    tellWhatLiesBeyond(chart, values, edges);
    addBounds(chart, lower, upper, highest);
    return chart;
  }

  /** Two histograms over each other: the column before and after filtering. */
  public static XYChart compare(Table before, Table after, String column) {
    return compare(before, after, column, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /** Same, with the filter's bounds drawn in; an infinite bound is not drawn. */
  public static XYChart compare(
      Table before, Table after, String column, double lower, double upper) {
    XYChart chart = histogramChart(column);
    double[] values = values(before, column);
    double[] edges = edges(values, lower, upper);
    double highest = addBars(chart, "过滤前 (before)", values, edges, BLUE);
    tellWhatLiesBeyond(chart, values, edges);
    if (after.rowCount() > 0) {
      addBars(chart, "过滤后 (after)", values(after, column), edges, ORANGE);
    }
    addBounds(chart, lower, upper, highest);
    return chart;
  }

  /** Median, quartiles and outliers of one or more numeric columns of the same unit. */
  public static BoxChart boxPlot(Table table, String... columns) {
    if (columns.length == 0) {
      throw new IllegalArgumentException("Name at least one column of " + table.columnNames());
    }
    BoxChart chart =
        new BoxChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(Arrays.stream(columns).map(Charts::label).collect(Collectors.joining("、")))
            .yAxisTitle("")
            .build();
    style(chart.getStyler());
    chart.getStyler().setLegendVisible(false);
    for (String column : columns) {
      chart.addSeries(column, values(table, column));
    }
    return chart;
  }

  /**
   * The words of a text column that occur most often. Texts are split at punctuation and spaces; a
   * part of a Chinese caption between two commas counts as one word.
   *
   * @param count how many words to show
   */
  public static CategoryChart bars(Table table, String column, int count) {
    if (!(requireColumn(table, column) instanceof StringColumn texts)) {
      throw new IllegalArgumentException("The column " + column + " holds no texts.");
    }
    Map<String, Integer> frequencies = new LinkedHashMap<>();
    for (String text : texts) {
      for (String word : text.split("[\\s\\p{Punct}，。、；：！？（）“”‘’…]+")) {
        if (!word.isBlank()) {
          frequencies.merge(word, 1, Integer::sum);
        }
      }
    }
    Map<String, Integer> most =
        frequencies.entrySet().stream()
            .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
            .limit(count)
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
    return bars("文字里最常见的词 (most frequent words in captions)", most);
  }

  /** A bar for each entry, in the map's order. */
  public static CategoryChart bars(String title, Map<String, ? extends Number> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("There is nothing to draw: no values.");
    }
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .yAxisTitle("次数 (count)")
            .build();
    style(chart.getStyler());
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setAvailableSpaceFill(0.7);
    chart.getStyler().setXAxisLabelRotation(45);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setSeriesColors(new Color[] {BLUE});
    chart.addSeries(
        "次数 (count)", List.copyOf(values.keySet()), List.<Number>copyOf(values.values()));
    return chart;
  }

  /**
   * The loss over a training run: each step's, pale, and smoothed over.
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
            .width(WIDTH)
            .height(HEIGHT)
            .title("训练损失 (training loss)")
            .xAxisTitle("步 (step)")
            .yAxisTitle("损失 (loss)")
            .build();
    style(chart.getStyler());
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
      line(chart, "平滑 (smoothed)", x, smoothed(losses), new Color(0x1f4f9c), 2.5f);
    } else {
      line(chart, "还没有数据 (no steps yet)", new double[] {0}, new double[] {0}, BLUE, 1f);
    }
    if (validationSteps.length > 0) {
      line(chart, "验证 (validation)", validationSteps, validationLosses, ORANGE, 2.5f)
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

  /** An exponential average over about a twentieth of the run, corrected for its start. */
  static double[] smoothed(double[] losses) {
    double keep = 1 - 1 / Math.max(5.0, losses.length / 20.0);
    double[] result = new double[losses.length];
    double sum = 0;
    double weight = 0;
    for (int i = 0; i < losses.length; i++) {
      sum = keep * sum + losses[i];
      weight = keep * weight + 1;
      result[i] = sum / weight;
    }
    return result;
  }

  private static XYChart histogramChart(String column) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(label(column))
            .xAxisTitle(label(column))
            .yAxisTitle("图片数 (pictures)")
            .build();
    style(chart.getStyler());
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Area);
    return chart;
  }

  /**
   * The bins' edges: over the values and the bounds that are to be seen. A few values far away from
   * all others would squeeze these into one bin; they are counted in the first or last bin instead.
   */
  private static double[] edges(double[] values, double lower, double upper) {
    double[] sorted = Arrays.stream(values).sorted().toArray();
    double min = sorted[0];
    double max = sorted[sorted.length - 1];
    double low = sorted[(int) (FEW * (sorted.length - 1))];
    double high = sorted[(int) ((1 - FEW) * (sorted.length - 1))];
    if (high > low) {
      min = Math.max(min, low - (high - low));
      max = Math.min(max, high + (high - low));
    }
    double margin = 0.04 * (max - min);
    min = Double.isFinite(lower) ? Math.min(min, lower - margin) : min;
    max = Double.isFinite(upper) ? Math.max(max, upper + margin) : max;
    double width = max > min ? (max - min) / (BINS - 1) : 1;
    double bound = Double.isFinite(lower) ? lower : upper;
    if (Double.isFinite(bound)) { // no bin straddles it: kept and rejected values stay apart
      min = bound - Math.ceil((bound - min) / width) * width;
    }
    double[] edges = new double[BINS + 1];
    for (int i = 0; i <= BINS; i++) {
      edges[i] = min + i * width;
    }
    return edges;
  }

  /** Draws the bars as the outline of one area; returns the highest count. */
  private static double addBars(
      XYChart chart, String name, double[] values, double[] edges, Color color) {
    double[] counts = new double[BINS];
    double width = edges[1] - edges[0];
    for (double value : values) {
      int bin = (int) ((value - edges[0]) / width + 1e-9);
      counts[Math.max(0, Math.min(BINS - 1, bin))]++;
    }
    double[] x = new double[2 * BINS + 2];
    double[] y = new double[2 * BINS + 2];
    // XChart takes evenly spaced values for the ticks of the axis; these would be odd numbers.
    x[0] = edges[0] - width / 1000;
    x[2 * BINS + 1] = edges[BINS];
    for (int i = 0; i < BINS; i++) {
      x[2 * i + 1] = edges[i];
      x[2 * i + 2] = edges[i + 1];
      y[2 * i + 1] = counts[i];
      y[2 * i + 2] = counts[i];
    }
    if (Arrays.stream(values).min().orElseThrow() >= 0) {
      Arrays.setAll(x, i -> Math.max(0, x[i])); // no sizes below zero, even if a bin reaches there
    }
    XYSeries series = chart.addSeries(name + " " + values.length, x, y);
    series.setMarker(SeriesMarkers.NONE).setFillColor(color);
    series.setLineColor(color.darker()).setLineStyle(new BasicStroke(1.6f));
    return Arrays.stream(counts).max().orElseThrow();
  }

  private static void tellWhatLiesBeyond(XYChart chart, double[] values, double[] edges) {
    long beyond = Arrays.stream(values).filter(v -> v < edges[0] || v > edges[BINS] + 1e-9).count();
    if (beyond > 0) {
      chart.setXAxisTitle(
          chart.getXAxisTitle()
              + "；首尾两格含更远的 "
              + beyond
              + " 个值 (end bins hold "
              + beyond
              + " beyond)");
    }
  }

  private static void addBounds(XYChart chart, double lower, double upper, double highest) {
    addBound(chart, "下限 (lower bound) ", lower, highest);
    addBound(chart, "上限 (upper bound) ", upper, highest);
  }

  private static void addBound(XYChart chart, String name, double bound, double highest) {
    if (!Double.isFinite(bound)) {
      return;
    }
    String shown = bound == Math.rint(bound) ? String.valueOf((long) bound) : "" + bound;
    double[] top = {0, highest * 1.05};
    XYSeries series = line(chart, name + shown, new double[] {bound, bound}, top, RED, 2f);
    boolean isUpper = name.startsWith("上");
    float[] dash = isUpper ? new float[] {2f, 4f} : new float[] {8f, 5f};
    series.setLineStyle(
        new BasicStroke(2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10f, dash, 0f));
  }

  private static void style(AxesChartStyler styler) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(new Color(0xe0e0e0));
    styler.setChartTitleBoxVisible(false);
    styler.setChartTitleFont(ChineseFont.boldAt(17));
    styler.setLegendFont(ChineseFont.at(13));
    styler.setAxisTitleFont(ChineseFont.at(14));
    styler.setAxisTickLabelsFont(ChineseFont.at(12));
    styler.setLegendPosition(Styler.LegendPosition.OutsideS);
    styler.setLegendLayout(Styler.LegendLayout.Horizontal);
    styler.setLegendBorderColor(Color.WHITE);
    styler.setChartPadding(14);
  }

  private static String label(String column) {
    return LABELS.getOrDefault(column, column);
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
