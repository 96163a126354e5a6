package io.github.kolors4j.juicer;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tech.tablesaw.api.Table;

/**
 * The overall table as text, as pandas writes it: {@code overall.csv} by {@code to_csv} with all
 * digits, {@code overall.md} by {@code to_markdown} (the package tabulate) with six.
 */
final class OverallFiles {
  private static final int SHORT_DIGITS = 6;

  /** As many digits as any double needs. */
  private static final int ALL_DIGITS = 17;

  private OverallFiles() {}

  static String csv(Table overall) {
    StringBuilder out = new StringBuilder();
    out.append(',').append(String.join(",", statistics(overall))).append('\n');
    for (int row = 0; row < overall.rowCount(); row++) {
      out.append(overall.stringColumn(OverallTable.ROWS).get(row));
      for (String statistic : statistics(overall)) {
        double value = overall.doubleColumn(statistic).getDouble(row);
        out.append(',').append(Double.isNaN(value) ? "" : decimal(value));
      }
      out.append('\n');
    }
    return out.toString();
  }

  static String markdown(Table overall) {
    List<List<String>> columns = new ArrayList<>();
    columns.add(padded("", overall.stringColumn(OverallTable.ROWS).asList(), false));
    for (String statistic : statistics(overall)) {
      List<String> numbers = new ArrayList<>();
      overall.doubleColumn(statistic).forEach(value -> numbers.add(general(value)));
      columns.add(padded(statistic, aligned(numbers), true));
    }
    StringBuilder out = new StringBuilder();
    for (int row = 0; row <= overall.rowCount(); row++) {
      if (row == 1) {
        out.append('|').append(rule(columns.get(0), false));
        columns.subList(1, columns.size()).forEach(column -> out.append(rule(column, true)));
        out.append('\n');
      }
      out.append('|');
      for (List<String> column : columns) {
        out.append(' ').append(column.get(row)).append(" |");
      }
      out.append(row < overall.rowCount() ? "\n" : "");
    }
    return out.toString();
  }

  private static List<String> statistics(Table overall) {
    return overall.columnNames().subList(1, overall.columnCount());
  }

  /** Header and cells of one width, which leaves two spaces beside the header. */
  private static List<String> padded(String header, List<String> cells, boolean right) {
    List<String> all = new ArrayList<>(List.of(header));
    all.addAll(cells);
    int widest = Collections.max(cells.stream().map(String::length).toList());
    int width = Math.max(header.length() + 2, widest);
    all.replaceAll(
        text -> {
          String space = " ".repeat(width - text.length());
          return right ? space + text : text + space;
        });
    return all;
  }

  /** Numbers with their decimal points below each other. */
  private static List<String> aligned(List<String> numbers) {
    int most = Collections.max(numbers.stream().map(OverallFiles::afterPoint).toList());
    return numbers.stream().map(text -> text + " ".repeat(most - afterPoint(text))).toList();
  }

  /** How many characters follow the point (or the e of an exponent); -1 if there is neither. */
  private static int afterPoint(String number) {
    int point = number.lastIndexOf('.') < 0 ? number.lastIndexOf('e') : number.lastIndexOf('.');
    return point < 0 ? -1 : number.length() - point - 1;
  }

  private static String rule(List<String> column, boolean right) {
    String dashes = "-".repeat(column.get(0).length() + 1);
    return right ? dashes + ":|" : ":" + dashes + "|";
  }

  /** The shortest decimal number that reads as the same double, as Python writes it. */
  static String decimal(double value) {
    for (int digits = 1; digits < ALL_DIGITS; digits++) {
      BigDecimal rounded = rounded(value, digits);
      if (rounded.doubleValue() == value) {
        return text(rounded, -4, 16, ".0");
      }
    }
    return text(rounded(value, ALL_DIGITS), -4, 16, ".0");
  }

  /** Six significant digits, C's {@code %g}. */
  static String general(double value) {
    return Double.isNaN(value) ? "nan" : text(rounded(value, SHORT_DIGITS), -4, SHORT_DIGITS, "");
  }

  private static BigDecimal rounded(double value, int digits) {
    return new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN));
  }

  /** Plain if the exponent is from {@code least} to below {@code most}, else with it. */
  private static String text(BigDecimal number, int least, int most, String afterWhole) {
    if (number.signum() == 0) {
      return "0" + afterWhole;
    }
    BigDecimal digits = number.stripTrailingZeros();
    int exponent = digits.precision() - digits.scale() - 1;
    if (exponent < least || exponent >= most) {
      String sign = exponent < 0 ? "e-" : "e+";
      String size = (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
      return digits.movePointLeft(exponent).toPlainString() + sign + size;
    }
    return digits.toPlainString() + (digits.scale() <= 0 ? afterWhole : "");
  }
}
