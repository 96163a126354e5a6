package io.github.kolors4j.charts;

import io.github.kolors4j.internal.juicer.Bounds;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Arrays;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * How often values occur, in bins of equal width, before and after filtering if wanted, with the
 * filters' bounds drawn in.
 */
final class Histogram {
  /** About how many bins there are. */
  private static final int BINS = 24;

  /** The share of values at each end that may lie so far away that a histogram leaves them out. */
  private static final double FEW = 0.02;

  /** A bound farther away than so many times the values' range is told instead of drawn. */
  private static final double FAR = 4;

  private final XYChart chart;
  private final double[] values;
  private final Bounds drawn;
  private final double[] edges;

  private Histogram(String title, StatisticName name, double[] values, Bounds bounds) {
    if (values.length == 0) {
      throw new IllegalArgumentException("There are no values to draw: " + name.axis() + ".");
    }
    this.values = values;
    this.chart =
        new XYChartBuilder()
            .width(ChartStyle.WIDTH)
            .height(ChartStyle.HEIGHT)
            .title(title)
            .xAxisTitle(name.axis())
            .yAxisTitle(name.counted())
            .build();
    ChartStyle.apply(chart.getStyler());
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setXAxisDecimalPattern(ChartStyle.NUMBERS);
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Area);
    this.drawn = withoutFar(bounds);
    this.edges = edges();
  }

  /**
   * Values with a filter's bounds; an infinite bound is not drawn, and one far from all values is
   * told in the legend only.
   *
   * @throws IllegalArgumentException if there is no value
   */
  static XYChart of(StatisticName name, double[] values, Bounds bounds) {
    Histogram histogram = new Histogram(name.distribution(), name, values, bounds);
    double highest = histogram.addBars("样本 (samples)", values, ChartStyle.BLUE);
    histogram.finish(bounds, highest);
    return histogram.chart;
  }

  /** Two histograms over each other; {@code after} may have no values. */
  static XYChart beforeAfter(StatisticName name, double[] before, double[] after, Bounds bounds) {
    Histogram histogram = new Histogram(name.beforeAndAfter(), name, before, bounds);
    double highest = histogram.addBars("过滤前 (before)", before, ChartStyle.BLUE);
    if (after.length > 0) {
      histogram.addBars("过滤后 (after)", after, ChartStyle.ORANGE);
    }
    histogram.finish(bounds, highest);
    return histogram.chart;
  }

  private void finish(Bounds bounds, double highest) {
    tellWhatLiesBeyond();
    tellWhichBoundIsFar("下限 (lower bound) ", bounds.lower(), drawn.lower());
    tellWhichBoundIsFar("上限 (upper bound) ", bounds.upper(), drawn.upper());
    addBound("下限 (lower bound) ", drawn.lower(), highest, new float[] {8f, 5f});
    addBound("上限 (upper bound) ", drawn.upper(), highest, new float[] {2f, 4f});
  }

  private Bounds withoutFar(Bounds bounds) {
    double min = Arrays.stream(values).min().orElseThrow();
    double max = Arrays.stream(values).max().orElseThrow();
    double reach = FAR * (max > min ? max - min : Math.max(1, Math.abs(max)));
    return new Bounds(
        bounds.lower() < min - reach ? Double.NEGATIVE_INFINITY : bounds.lower(),
        bounds.upper() > max + reach ? Double.POSITIVE_INFINITY : bounds.upper());
  }

  /**
   * The bins' edges: over the values and the bounds that are to be seen. A few values far away from
   * all others would squeeze these into one bin; they are counted in the first or last bin instead.
   */
  private double[] edges() {
    double lower = drawn.lower();
    double upper = drawn.upper();
    double[] sorted = Arrays.stream(values).sorted().toArray();
    double min = sorted[0];
    double max = sorted[sorted.length - 1];
    double low = sorted[(int) (FEW * (sorted.length - 1))];
    double high = sorted[(int) ((1 - FEW) * (sorted.length - 1))];
    if (high > low) {
      min = Math.max(min, low - (high - low));
      max = Math.min(max, high + (high - low));
    }
    if (max == min) { // all the same: one bar in the middle
      double beside = max == 0 ? 1 : Math.abs(max) / 2;
      min -= beside;
      max += beside;
    }
    double margin = 0.04 * (max - min);
    for (double bound : new double[] {lower, upper}) {
      min = Double.isFinite(bound) ? Math.min(min, bound - margin) : min;
      max = Double.isFinite(bound) ? Math.max(max, bound + margin) : max;
    }
    double bound = Double.isFinite(lower) ? lower : upper;
    boolean bounded = Double.isFinite(bound);
    boolean whole = Arrays.stream(values).allMatch(v -> v == Math.rint(v));
    whole &= !bounded || bound == Math.rint(bound);
    double width = (max - min) / (BINS - 1);
    if (whole) { // as many whole numbers in each bin
      width = Math.ceil(width);
      min = Math.floor(min);
    }
    if (bounded) { // no bin straddles it: kept and rejected values stay apart
      double start = bound - Math.ceil((bound - min) / width) * width;
      if (start < 0 && sorted[0] >= bound && bound >= 0) {
        start = bound; // nothing lies before it
      } else if (start < 0 && sorted[0] >= 0 && bound >= width) {
        width =
            widthFromZero(bound, width, whole); // no sizes below zero, no bin shorter than others
        start = 0;
      }
      min = start;
    } else if (whole && width == 1) {
      min -= 0.5; // a bar stands over its number
    }
    int count = (int) Math.floor((max - min) / width + 1e-9) + 1;
    double[] bins = new double[count + 1];
    for (int i = 0; i <= count; i++) {
      bins[i] = min + i * width;
    }
    return bins;
  }

  /**
   * The width of bins from zero of which one ends at a bound: about, and at least, the one given.
   */
  private static double widthFromZero(double bound, double about, boolean whole) {
    for (double width = about; whole && width <= 2 * about; width++) {
      if (bound % width == 0) {
        return width;
      }
    }
    return bound / Math.floor(bound / about);
  }

  /** Draws the bars as the outline of one area; returns the highest count. */
  private double addBars(String name, double[] shown, Color color) {
    int bins = edges.length - 1;
    double[] counts = new double[bins];
    double width = edges[1] - edges[0];
    for (double value : shown) {
      int bin = (int) ((value - edges[0]) / width + 1e-9);
      counts[Math.max(0, Math.min(bins - 1, bin))]++;
    }
    double[] x = new double[2 * bins + 2];
    double[] y = new double[2 * bins + 2];
    // XChart takes evenly spaced values for the ticks of the axis; these would be odd numbers.
    x[0] = edges[0];
    x[2 * bins + 1] = edges[bins] + width / 1000;
    for (int i = 0; i < bins; i++) {
      x[2 * i + 1] = edges[i];
      x[2 * i + 2] = edges[i + 1];
      y[2 * i + 1] = counts[i];
      y[2 * i + 2] = counts[i];
    }
    XYSeries series = chart.addSeries(name + " " + shown.length, x, y);
    series.setMarker(SeriesMarkers.NONE).setFillColor(color);
    series.setLineColor(color.darker()).setLineStyle(new BasicStroke(1.6f));
    return Arrays.stream(counts).max().orElseThrow();
  }

  private void tellWhatLiesBeyond() {
    double end = edges[edges.length - 1] + 1e-9;
    long beyond = Arrays.stream(values).filter(v -> v < edges[0] || v > end).count();
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

  /** In the legend, by a line that is not drawn. */
  private void tellWhichBoundIsFar(String name, double bound, double shown) {
    if (Double.isFinite(bound) && !Double.isFinite(shown)) {
      double[] start = {edges[edges.length / 2], edges[edges.length / 2]};
      XYSeries series =
          chart.addSeries(name + text(bound) + " 在图外 (outside)", start, new double[] {0, 0});
      series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
      series.setMarker(SeriesMarkers.NONE).setLineColor(new Color(0, true));
    }
  }

  private void addBound(String name, double bound, double highest, float[] dash) {
    if (!Double.isFinite(bound)) {
      return;
    }
    double[] ends = {0, highest * 1.05};
    XYSeries series = chart.addSeries(name + text(bound), new double[] {bound, bound}, ends);
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
    series.setMarker(SeriesMarkers.NONE).setLineColor(ChartStyle.RED);
    series.setLineStyle(
        new BasicStroke(2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10f, dash, 0f));
  }

  private static String text(double bound) {
    if (Math.abs(bound) >= 1e9) {
      return String.format(Locale.ROOT, "%.3g", bound);
    }
    return bound == Math.rint(bound) ? String.valueOf((long) bound) : String.valueOf(bound);
  }
}
