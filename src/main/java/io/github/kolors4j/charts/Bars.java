package io.github.kolors4j.charts;

import io.github.kolors4j.juicer.Analysis;
import java.awt.Color;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/** How often each of a few things occurs. */
public final class Bars {
  private Bars() {}

  /**
   * The words that occur most often in an analysed data set's texts.
   *
   * @throws IllegalArgumentException if the texts have no words
   */
  public static CategoryChart captionWords(Analysis analysis, int count) {
    return of("文字里最常见的词 (most frequent words in captions)", "词 (word)", analysis.words(count));
  }

  /**
   * A bar for each entry, in the map's order.
   *
   * @param things what the entries are, for the axis
   * @throws IllegalArgumentException if there is none
   */
  public static CategoryChart of(
      String title, String things, Map<String, ? extends Number> values) {
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
        values.keySet().stream().map(ChartStyle::writable).toList(),
        List.<Number>copyOf(values.values()));
    return chart;
  }
}
