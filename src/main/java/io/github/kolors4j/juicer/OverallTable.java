package io.github.kolors4j.juicer;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * What pandas' {@code describe()} says of each statistic, as data-juicer's {@code OverallAnalysis}
 * asks for it: the number of values, their mean, standard deviation (of a sample: with n - 1),
 * minimum, percentiles (interpolated linearly) and maximum.
 */
final class OverallTable {
  /** The name of the column that names the rows. */
  static final String ROWS = "statistic";

  private OverallTable() {}

  /** {@code percentiles} are shares from 0 to 1, ascending. */
  static Table of(List<StatisticColumn> columns, double[] percentiles) {
    List<String> rows = new ArrayList<>(List.of("count", "mean", "std", "min"));
    rows.addAll(labels(percentiles));
    rows.add("max");
    Table table = Table.create("统计 (overall)", StringColumn.create(ROWS, rows));
    columns.forEach(column -> table.addColumns(describe(column, percentiles)));
    return table;
  }

  private static DoubleColumn describe(StatisticColumn column, double[] percentiles) {
    DescriptiveStatistics values = statistics(column);
    DoubleColumn described = shownShort(DoubleColumn.create(column.name()));
    described.append(values.getN());
    described.append(values.getMean());
    described.append(values.getN() < 2 ? Double.NaN : values.getStandardDeviation());
    described.append(values.getMin());
    for (double percentile : percentiles) {
      described.append(percentile(values, percentile));
    }
    return described.append(values.getMax());
  }

  static DescriptiveStatistics statistics(StatisticColumn column) {
    DescriptiveStatistics values = new DescriptiveStatistics(column.values());
    values.setPercentileImpl(new Percentile().withEstimationType(Percentile.EstimationType.R_7));
    return values;
  }

  /** {@code share} is from 0 to 1. */
  static double percentile(DescriptiveStatistics values, double share) {
    return share == 0 ? values.getMin() : values.getPercentile(100 * share);
  }

  /** Sees to it that tables show four digits after the point; the values keep all of theirs. */
  static DoubleColumn shownShort(DoubleColumn column) {
    column.setPrintFormatter(
        new DecimalFormat("0.####", new DecimalFormatSymbols(Locale.ROOT)), "");
    return column;
  }

  /**
   * {@code 25%}, {@code 12.5%}: pandas rounds those that are not whole, all to as many digits as
   * keep neighbours apart ({@code format_percentiles}).
   */
  static List<String> labels(double[] percentiles) {
    double closest = Double.POSITIVE_INFINITY;
    double previous = 0;
    for (double percentile : percentiles) {
      double gap = 100 * percentile - previous;
      closest = gap > 0 ? Math.min(closest, gap) : closest;
      previous = 100 * percentile;
    }
    closest = previous < 100 ? Math.min(closest, 100 - previous) : closest;
    int digits = Math.max(1, (int) Math.abs(-Math.floor(Math.log10(closest))));
    List<String> labels = new ArrayList<>();
    for (double percentile : percentiles) {
      double percent = 100 * percentile;
      boolean whole = Math.abs(percent - Math.rint(percent)) <= 1e-8 + 1e-5 * Math.abs(percent);
      labels.add(
          whole
              ? (long) Math.rint(percent) + "%"
              : new BigDecimal(percent)
                      .setScale(digits, RoundingMode.HALF_EVEN)
                      .stripTrailingZeros()
                      .toPlainString()
                  + "%");
    }
    return labels;
  }
}
