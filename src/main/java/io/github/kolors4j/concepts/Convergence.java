package io.github.kolors4j.concepts;

import io.github.kolors4j.charts.Charts;
import java.awt.BasicStroke;
import java.awt.Color;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * How a sampler's error falls with the number of its steps. A sampler of order p makes an error of
 * {@code constant · steps^-p}: over logarithmic axes a straight line that falls by p.
 *
 * @param name the sampler's
 * @param steps numbers of steps, ascending
 * @param errors the error with each of them
 */
public record Convergence(String name, int[] steps, double[] errors) {
  private static final String FIRST_ORDER = "1 阶 (order 1)";
  private static final String SECOND_ORDER = "2 阶 (order 2)";

  /** Checks that each number of steps has an error, and copies both. */
  public Convergence {
    if (steps.length != errors.length || steps.length == 0) {
      throw new IllegalArgumentException(
          "Each number of steps needs its error: there are %d and %d."
              .formatted(steps.length, errors.length));
    }
    steps = steps.clone();
    errors = errors.clone();
  }

  /** Measures an error with each of some numbers of steps. */
  public static Convergence measure(String name, int[] steps, IntToDoubleFunction error) {
    return new Convergence(name, steps, Arrays.stream(steps).mapToDouble(error).toArray());
  }

  /** The order over all numbers of steps, see {@link #order(int, int)}. */
  public double order() {
    return order(steps[0], steps[steps.length - 1]);
  }

  /**
   * The order between two numbers of steps, both included: how steeply the straight line falls that
   * fits the logarithms of the errors best.
   *
   * @return NaN if there are fewer than two errors above 0 between them
   */
  public double order(int from, int to) {
    double n = 0;
    double sumX = 0;
    double sumY = 0;
    double sumXx = 0;
    double sumXy = 0;
    for (int i = 0; i < steps.length; i++) {
      if (steps[i] >= from && steps[i] <= to && errors[i] > 0) {
        double x = Math.log(steps[i]);
        double y = Math.log(errors[i]);
        n++;
        sumX += x;
        sumY += y;
        sumXx += x * x;
        sumXy += x * y;
      }
    }
    return n < 2 ? Double.NaN : -(n * sumXy - sumX * sumY) / (n * sumXx - sumX * sumX);
  }

  /**
   * The errors of several samplers over logarithmic axes, and in grey the slopes of order 1 and 2.
   *
   * @param curves all measured with the same numbers of steps
   */
  public static XYChart chart(String title, List<Convergence> curves) {
    double[] x = Arrays.stream(sameSteps(curves)).asDoubleStream().toArray();
    Map<String, double[]> lines = new LinkedHashMap<>();
    curves.forEach(curve -> lines.put(curve.name(), curve.errors()));
    double top = curves.stream().mapToDouble(c -> c.errors()[0]).max().orElseThrow();
    lines.put(FIRST_ORDER, slope(x, top, 1));
    lines.put(SECOND_ORDER, slope(x, top, 2));
    XYChart chart = Charts.lines(title, "步数 (steps)", "误差 (error)", x, lines);
    chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    for (XYSeries series : chart.getSeriesMap().values()) {
      series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(series.getLineColor());
    }
    guide(chart, FIRST_ORDER, 2, 4);
    guide(chart, SECOND_ORDER, 8, 5);
    return chart;
  }

  /** Makes a line a grey one of dashes. */
  private static void guide(XYChart chart, String name, float dash, float gap) {
    XYSeries series = Objects.requireNonNull(chart.getSeriesMap().get(name));
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(new Color(0xa0a0a0));
    series.setLineStyle(
        new BasicStroke(
            1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 1, new float[] {dash, gap}, 0));
  }

  private static double[] slope(double[] steps, double top, int order) {
    return Arrays.stream(steps).map(n -> top * Math.pow(n / steps[0], -order)).toArray();
  }

  /** A row a sampler: the error with each number of steps, and the order from {@code from} on. */
  public static Table table(List<Convergence> curves, int from) {
    int[] steps = sameSteps(curves);
    Table table =
        Table.create(
            StringColumn.create("采样器 sampler", curves.stream().map(Convergence::name).toList()));
    for (int i = 0; i < steps.length; i++) {
      int place = i;
      table.addColumns(
          StringColumn.create(
              steps[i] + " 步",
              curves.stream()
                  .map(c -> String.format(Locale.ROOT, "%.2g", c.errors()[place]))
                  .toList()));
    }
    DoubleColumn order = DoubleColumn.create("阶 order (≥ " + from + ")");
    int last = steps[steps.length - 1];
    curves.forEach(c -> order.append(Math.round(c.order(from, last) * 100) / 100.0));
    return table.addColumns(order);
  }

  private static int[] sameSteps(List<Convergence> curves) {
    int[] steps = curves.get(0).steps();
    for (Convergence curve : curves) {
      if (!Arrays.equals(curve.steps(), steps)) {
        throw new IllegalArgumentException(
            "All samplers have to be measured with the same numbers of steps: %s was with %s, %s with %s."
                .formatted(
                    curves.get(0).name(),
                    Arrays.toString(steps),
                    curve.name(),
                    Arrays.toString(curve.steps())));
      }
    }
    return steps;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s: order %.2f", name, order());
  }
}
