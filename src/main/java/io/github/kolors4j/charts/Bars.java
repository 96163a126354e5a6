package io.github.kolors4j.charts;

import io.github.kolors4j.internal.image.ChineseFont;
import java.awt.Color;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/** How often each of a few things occurs. */
final class Bars {
  private Bars() {}

  /**
   * A bar for each entry, in the map's order.
   *
   * @param things what the entries are, for the axis
   * @throws IllegalArgumentException if there is none
   */
  static CategoryChart of(String title, String things, Map<String, ? extends Number> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("There is nothing to draw: no values.");
    }
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(ChartStyle.WIDTH)
            .height(ChartStyle.HEIGHT)
            .title(title)
            .xAxisTitle(things)
            .yAxisTitle("次数 (count)")
            .build();
    ChartStyle.apply(chart.getStyler());
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setAvailableSpaceFill(0.7);
    chart.getStyler().setXAxisLabelRotation(45);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setSeriesColors(new Color[] {ChartStyle.BLUE});
    chart.addSeries(
        "次数 (count)",
        values.keySet().stream().map(ChineseFont::writable).toList(),
        List.<Number>copyOf(values.values()));
    return chart;
  }
}
