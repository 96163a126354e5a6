package io.github.kolors4j.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Map;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** One line for each of several things that depend on the same one. */
final class LineChart {
  /** Colours that also differ for eyes that see no red or no green (Okabe and Ito 2008). */
  private static final Color[] COLORS = {
    new Color(0x0072b2),
    new Color(0xe69f00),
    new Color(0x009e73),
    new Color(0xd55e00),
    new Color(0xcc79a7),
    new Color(0x56b4e9),
    new Color(0x000000),
    new Color(0x8c8c00)
  };

  private LineChart() {}

  static XYChart of(
      String title, String xTitle, String yTitle, double[] x, Map<String, double[]> lines) {
    XYChart chart =
        new XYChartBuilder()
            .width(ChartStyle.WIDTH)
            .height(ChartStyle.HEIGHT)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    ChartStyle.apply(chart.getStyler());
    chart.getStyler().setXAxisTickMarkSpacingHint(80);
    lines.forEach(
        (name, y) -> {
          if (y.length != x.length) {
            throw new IllegalArgumentException(
                "The line \"%s\" has %d values for %d places on the axis."
                    .formatted(name, y.length, x.length));
          }
          XYSeries series = chart.addSeries(name, x, y);
          series.setMarker(SeriesMarkers.NONE);
          series.setLineColor(COLORS[(chart.getSeriesMap().size() - 1) % COLORS.length]);
          series.setLineStyle(new BasicStroke(2f));
        });
    ChartStyle.fitLegend(chart.getStyler(), lines.keySet());
    return chart;
  }
}
