package io.github.kolors4j.charts;

import io.github.kolors4j.training.TrainingProgress;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Arrays;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The loss over a training run: each step's, pale, the mean of the last ones, and validation. */
final class LossChart {
  private LossChart() {}

  /** Validation losses are measured at fewer steps, or none. */
  static XYChart of(
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
}
