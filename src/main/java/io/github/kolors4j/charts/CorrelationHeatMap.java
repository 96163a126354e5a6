package io.github.kolors4j.charts;

import io.github.kolors4j.internal.image.ChineseFont;
import io.github.kolors4j.juicer.Analysis;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.style.HeatMapStyler;
import org.knowm.xchart.style.Styler;
import tech.tablesaw.api.Table;

/**
 * How strongly each statistic goes along with each other: blue for together (1), red for against
 * each other (-1), white for neither. A statistic that is the same everywhere has no correlation,
 * and its cells stay empty.
 */
final class CorrelationHeatMap {
  private static final int CELL = 74;
  private static final int LABELS = 420;

  private CorrelationHeatMap() {}

  /** All statistics of an analysis against each other. */
  static HeatMapChart of(Analysis analysis) {
    List<String> statistics = analysis.statistics();
    Table correlation = analysis.correlation();
    int side = CELL * statistics.size();
    HeatMapChart chart =
        new HeatMapChartBuilder()
            .width(Math.max(ChartStyle.WIDTH, side + LABELS))
            .height(Math.max(ChartStyle.HEIGHT, side * 3 / 4 + LABELS / 2))
            .title("统计量之间的相关系数 (correlation of the statistics)")
            .xAxisTitle("统计量 (statistic)")
            .yAxisTitle("统计量 (statistic)")
            .build();
    style(chart.getStyler());
    List<String> columns = new ArrayList<>();
    List<String> rows = new ArrayList<>();
    for (String statistic : statistics) {
      columns.add(StatisticName.of(statistic).inBoth());
      rows.add(StatisticName.of(statistic).inBoth());
    }
    Collections.reverse(rows); // the first row of the table on top
    List<Number[]> cells = new ArrayList<>();
    for (int column = 0; column < statistics.size(); column++) {
      for (int row = 0; row < statistics.size(); row++) {
        int fromTop = statistics.size() - 1 - row;
        double value = correlation.doubleColumn(1 + column).getDouble(fromTop);
        if (!Double.isNaN(value)) {
          // Two digits, and no minus before a zero.
          cells.add(new Number[] {column, row, Math.round(100 * value) / 100.0 + 0.0});
        }
      }
    }
    if (cells.isEmpty()) { // one sample, or all alike: XChart draws no map without a cell
      cells.add(new Number[] {0, 0, 0.0});
      chart.getStyler().setShowValue(false);
      chart.setTitle("没有可算的相关系数 (nothing to correlate)");
    }
    chart.addSeries("correlation", columns, rows, cells);
    return chart;
  }

  private static void style(HeatMapStyler styler) {
    ChartStyle.apply(styler);
    styler.setLegendPosition(Styler.LegendPosition.OutsideE);
    styler.setLegendLayout(Styler.LegendLayout.Vertical);
    styler.setRangeColors(
        new Color[] {new Color(0xd7, 0x5a, 0x4a), Color.WHITE, new Color(0x4a, 0x86, 0xd7)});
    styler.setMin(-1).setMax(1);
    styler.setShowValue(true);
    styler.setValueFont(ChineseFont.at(13));
    styler.setHeatMapValueDecimalPattern("0.00");
    styler.setDrawBorder(true);
    styler.setPlotContentSize(1);
    styler.setXAxisLabelRotation(30);
  }
}
