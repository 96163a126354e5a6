package io.github.kolors4j.notebook;

import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.FloatColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * A Tablesaw table as an HTML table, its text escaped, long tables and long texts cut, numbers with
 * the digits that a person reads. The table itself keeps all of them.
 */
final class TableHtml {

  private static final int MAXIMUM_TEXT = 300;

  private TableHtml() {}

  /** The first {@code maximumRows} rows, with a line below that says how many there are. */
  static String of(Table table, int maximumRows) {
    var html = new StringBuilder("<table>");
    if (table.name() != null && !table.name().isBlank()) {
      html.append("<caption>").append(Html.escape(table.name())).append("</caption>");
    }
    html.append("<thead><tr>");
    for (Column<?> column : table.columns()) {
      cell(html, "th", column, column.name());
    }
    html.append("</tr></thead><tbody>");
    int rows = Math.min(table.rowCount(), maximumRows);
    for (int row = 0; row < rows; row++) {
      html.append("<tr>");
      for (Column<?> column : table.columns()) {
        cell(html, "td", column, shorten(text(column, row)));
      }
      html.append("</tr>");
    }
    html.append("</tbody></table>");
    return html.append("<div style=\"opacity:.7\">")
        .append(rows < table.rowCount() ? "first " + rows + " of " : "")
        .append(table.rowCount())
        .append(table.rowCount() == 1 ? " row × " : " rows × ")
        .append(table.columnCount())
        .append(table.columnCount() == 1 ? " column</div>" : " columns</div>")
        .toString();
  }

  /** The same table with its numbers as they are shown, for text. */
  static Table withShortNumbers(Table table) {
    Table shown = Table.create(table.name());
    for (Column<?> column : table.columns()) {
      if (!isFractional(column)) {
        shown.addColumns(column);
        continue;
      }
      StringColumn texts = StringColumn.create(column.name());
      for (int row = 0; row < column.size(); row++) {
        texts.append(text(column, row));
      }
      shown.addColumns(texts);
    }
    return shown;
  }

  private static String text(Column<?> column, int row) {
    return isFractional(column) && !column.isMissing(row)
        ? ShortNumber.of(((NumericColumn<?>) column).getDouble(row))
        : column.getString(row);
  }

  private static boolean isFractional(Column<?> column) {
    return column instanceof DoubleColumn || column instanceof FloatColumn;
  }

  private static void cell(StringBuilder html, String tag, Column<?> column, String text) {
    String align = column instanceof NumericColumn ? "right" : "left";
    html.append('<').append(tag).append(" style=\"text-align:").append(align).append("\">");
    html.append(Html.escape(text)).append("</").append(tag).append('>');
  }

  private static String shorten(String text) {
    if (text.codePointCount(0, text.length()) <= MAXIMUM_TEXT) {
      return text;
    }
    return text.substring(0, text.offsetByCodePoints(0, MAXIMUM_TEXT)) + "…";
  }
}
