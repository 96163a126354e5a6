package io.github.kolors4j.charts;

import io.github.kolors4j.internal.image.ChineseFont;
import io.github.kolors4j.juicer.Analysis;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
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
    List<String> names = new ArrayList<>();
    Table correlation = analysis.correlation();
    double[][] values = new double[analysis.statistics().size()][];
    for (int column = 0; column < values.length; column++) {
      names.add(StatisticName.of(analysis.statistics().get(column)).inBoth());
      values[column] = correlation.doubleColumn(1 + column).asDoubleArray();
    }
    HeatMapChart chart =
        of("统计量之间的相关系数 (correlation of the statistics)", "统计量 (statistic)", names, values);
    if (Arrays.stream(values).flatMapToDouble(Arrays::stream).allMatch(Double::isNaN)) {
      chart.setTitle("没有可算的相关系数 (nothing to correlate)");
    }
    return chart;
  }

  /**
   * Things against each other.
   *
   * @param values a row for each, from -1 to 1; a cell that is not a number stays empty
   */
  static HeatMapChart of(String title, String things, List<String> names, double[][] values) {
    int side = CELL * names.size();
    HeatMapChart chart =
        new HeatMapChartBuilder()
            .width(Math.max(ChartStyle.WIDTH, side + LABELS))
            .height(Math.max(ChartStyle.HEIGHT, side * 3 / 4 + LABELS / 2))
            .title(title)
            .xAxisTitle(things)
            .yAxisTitle(things)
            .build();
    style(chart.getStyler());
    List<String> rows = new ArrayList<>(names);
    Collections.reverse(rows); // the first row of the table on top
    List<Number[]> cells = new ArrayList<>();
    for (int column = 0; column < names.size(); column++) {
      for (int row = 0; row < names.size(); row++) {
        double value = values[column][names.size() - 1 - row];
        if (!Double.isNaN(value)) {
          // Two digits, and no minus before a zero.
          cells.add(new Number[] {column, row, Math.round(100 * value) / 100.0 + 0.0});
        }
      }
    }
    if (cells.isEmpty()) { // one sample, or all alike: XChart draws no map without a cell
      cells.add(new Number[] {0, 0, 0.0});
      chart.getStyler().setShowValue(false);
    }
    chart.addSeries("correlation", new ArrayList<>(names), rows, cells);
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
