package io.github.kolors4j.charts;

import io.github.kolors4j.internal.image.ChineseFont;
import java.awt.Color;
import java.awt.font.FontRenderContext;
import java.util.Collection;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;

/** How all charts look: size in pixels, colours, and the font that has Chinese characters. */
final class ChartStyle {
  static final int WIDTH = 760;
  static final int HEIGHT = 420;
  static final Color BLUE = new Color(0x3b, 0x7d, 0xd8, 150);
  static final Color ORANGE = new Color(0xf0, 0x8c, 0x2e, 170);
  static final Color RED = new Color(0xc0, 0x20, 0x20);

  /** How an axis writes numbers: 1,024 and 0.05. */
  static final String NUMBERS = "#,##0.####";

  /** What XChart draws before a name in the legend, with the space around both. */
  private static final int LEGEND_MARK = 44;

  private ChartStyle() {}

  /** White, with pale grid lines, and the legend below the chart. */
  static void apply(AxesChartStyler styler) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(new Color(0xe0e0e0));
    styler.setChartTitleBoxVisible(false);
    styler.setChartTitlePadding(8);
    styler.setChartTitleFont(ChineseFont.boldAt(17));
    styler.setLegendFont(ChineseFont.at(13));
    styler.setAxisTitleFont(ChineseFont.at(14));
    styler.setAxisTickLabelsFont(ChineseFont.at(12));
    styler.setLegendPosition(Styler.LegendPosition.OutsideS);
    styler.setLegendLayout(Styler.LegendLayout.Horizontal);
    styler.setLegendBorderColor(Color.WHITE);
    styler.setChartPadding(14);
  }

  /** Puts the legend beside the chart where its names are too long for one row below it. */
  static void fitLegend(Styler styler, Collection<String> names) {
    FontRenderContext context = new FontRenderContext(null, true, true);
    double row =
        names.stream()
            .mapToDouble(
                name ->
                    LEGEND_MARK + styler.getLegendFont().getStringBounds(name, context).getWidth())
            .sum();
    if (row > WIDTH - 4 * styler.getChartPadding()) {
      styler.setLegendPosition(Styler.LegendPosition.OutsideE);
      styler.setLegendLayout(Styler.LegendLayout.Vertical);
    }
  }
}
