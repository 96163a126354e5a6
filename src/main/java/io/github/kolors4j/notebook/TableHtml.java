package io.github.kolors4j.notebook;

import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** A Tablesaw table as an HTML table, its text escaped, long tables and long texts cut. */
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
        cell(html, "td", column, shorten(column.getString(row)));
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
