package io.github.kolors4j.dataset;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * The numeric columns of a table in short. Tablesaw's own {@code summary()} has no mean, sum and
 * deviation of a column with missing values, and counts these as well.
 */
final class SetSummary {
  private static final List<String> ROWS =
      List.of("count", "missing", "mean", "std", "min", "25%", "50%", "75%", "max");

  private SetSummary() {}

  static Table of(Table table) {
    Table summary = Table.create(table.name(), StringColumn.create("statistic", ROWS));
    for (Column<?> column : table.columns()) {
      if (column instanceof NumericColumn<?> numbers) {
        summary.addColumns(DoubleColumn.create(column.name(), describe(numbers)));
      }
    }
    return summary;
  }

  private static double[] describe(NumericColumn<?> column) {
    double[] values = Arrays.stream(column.asDoubleArray()).filter(v -> !Double.isNaN(v)).toArray();
    DescriptiveStatistics statistics = new DescriptiveStatistics(values);
    // The percentiles of pandas and numpy.
    statistics.setPercentileImpl(
        new Percentile().withEstimationType(Percentile.EstimationType.R_7));
    boolean some = values.length > 0;
    return new double[] {
      values.length,
      column.size() - values.length,
      statistics.getMean(),
      values.length > 1 ? statistics.getStandardDeviation() : Double.NaN,
      statistics.getMin(),
      some ? statistics.getPercentile(25) : Double.NaN,
      some ? statistics.getPercentile(50) : Double.NaN,
      some ? statistics.getPercentile(75) : Double.NaN,
      statistics.getMax()
    };
  }
}
