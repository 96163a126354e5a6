package io.github.kolors4j.charts;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.knowm.xchart.BoxChart;
import org.knowm.xchart.BoxChartBuilder;
import org.knowm.xchart.style.BoxStyler.BoxplotCalCulationMethod;

/**
 * Median and quartiles of a statistic as a box, whiskers to the last value or at most one and a
 * half times the box's height, and every value farther out as a cross.
 */
final class BoxPlot {
  private static final DecimalFormatSymbols ENGLISH = new DecimalFormatSymbols(Locale.ROOT);

  private BoxPlot() {}

  /**
   * Box plots of values of the same unit, side by side.
   *
   * @param series by the name of the statistic or column, which gives the chart its names
   * @throws IllegalArgumentException if one has no values
   */
  static BoxChart of(Map<String, double[]> series) {
    String[] statistics = series.keySet().toArray(String[]::new);
    String names =
        Arrays.stream(statistics)
            .map(statistic -> StatisticName.of(statistic).chinese())
            .collect(Collectors.joining("、"));
    String english =
        Arrays.stream(statistics)
            .map(statistic -> StatisticName.of(statistic).inEnglish())
            .collect(Collectors.joining(", "));
    BoxChart chart =
        new BoxChartBuilder()
            .width(ChartStyle.WIDTH)
            .height(ChartStyle.HEIGHT)
            .title(names + "的箱线图 (box plot of " + english + ")")
            .xAxisTitle("统计量 (statistic)")
            .yAxisTitle(axis(statistics))
            .build();
    ChartStyle.apply(chart.getStyler());
    chart.getStyler().setLegendVisible(false);
    // The quartiles that pandas and numpy compute, and the overall table has.
    chart.getStyler().setBoxplotCalCulationMethod(BoxplotCalCulationMethod.N_LESS_1_PLUS_1);
    chart.getStyler().setYAxisDecimalPattern(ChartStyle.NUMBERS);
    DoubleSummaryStatistics all = new DoubleSummaryStatistics();
    for (Map.Entry<String, double[]> one : series.entrySet()) {
      double[] values = one.getValue();
      if (values.length == 0) {
        throw new IllegalArgumentException("There are no values of " + one.getKey() + " to draw.");
      }
      chart.addSeries(one.getKey(), values);
      Arrays.stream(values).forEach(all);
    }
    if (all.getMin() == all.getMax()) { // XChart draws no box without extent: say why
      String value = new DecimalFormat(ChartStyle.NUMBERS, ENGLISH).format(all.getMin());
      chart.setTitle(names + "：所有值都是 " + value + " (all values are " + value + ")");
    }
    return chart;
  }

  /** Several statistics share their unit, not their name. */
  private static String axis(String... statistics) {
    StatisticName first = StatisticName.of(statistics[0]);
    if (statistics.length == 1) {
      return first.axis();
    }
    return first.unit().isEmpty() ? "值 (value)" : first.unit();
  }
}
