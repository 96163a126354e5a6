package io.github.kolors4j.juicer;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.univocity.parsers.common.TextParsingException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A table in text: a line of names, then rows. As pandas reads it, an empty cell is null, and a
 * column whose cells are all numbers is one of numbers. The file is therefore read twice.
 */
record CsvRows(Path file, char delimiter) implements RowSource {
  /** What pandas takes for a missing value. */
  private static final Set<String> MISSING =
      Set.of(
          "#N/A",
          "#N/A N/A",
          "#NA",
          "-1.#IND",
          "-1.#QNAN",
          "-NaN",
          "-nan",
          "1.#IND",
          "1.#QNAN",
          "<NA>",
          "N/A",
          "NA",
          "NULL",
          "NaN",
          "None",
          "n/a",
          "nan",
          "null");

  private static final Pattern WHOLE = Pattern.compile("\\s*[+-]?\\d{1,18}\\s*");
  private static final Pattern NUMBER =
      Pattern.compile("\\s*[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?\\s*");
  private static final Set<String> TRUTHS =
      Set.of("True", "False", "TRUE", "FALSE", "true", "false");

  private static final int LONGEST_CELL = 1 << 24;
  private static final int MOST_COLUMNS = 4096;

  @Override
  public void read(Consumer<Row> sink) throws IOException {
    Kinds kinds = new Kinds();
    eachRecord((line, cells, text) -> kinds.look(cells));
    eachRecord(
        (line, cells, text) -> {
          if (line > 1) {
            sink.accept(new Row(line - 1, text.sinceLast(), text.share(), () -> kinds.row(cells)));
          }
        });
  }

  /** Takes the records of the file; the first, of number 1, has the names. */
  @FunctionalInterface
  private interface Records {
    void accept(int number, String[] cells, CountedText text);
  }

  private void eachRecord(Records records) throws IOException {
    CsvParserSettings settings = new CsvParserSettings();
    settings.getFormat().setDelimiter(delimiter);
    settings.setLineSeparatorDetectionEnabled(true);
    settings.setNormalizeLineEndingsWithinQuotes(false);
    settings.setIgnoreLeadingWhitespaces(false);
    settings.setIgnoreTrailingWhitespaces(false);
    settings.setMaxCharsPerColumn(LONGEST_CELL);
    settings.setMaxColumns(MOST_COLUMNS);
    settings.setReadInputOnSeparateThread(false);
    CsvParser parser = new CsvParser(settings);
    try (CountedText text = new CountedText(file)) {
      parser.beginParsing(text.reader());
      int number = 0;
      for (String[] cells = parser.parseNext(); cells != null; cells = parser.parseNext()) {
        records.accept(++number, cells, text);
      }
    } catch (TextParsingException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new RecipeException(file + " is no CSV file: " + firstLine(e.getMessage()), e);
    }
  }

  private static String firstLine(String message) {
    return message == null ? "it cannot be parsed." : message.lines().findFirst().orElse("");
  }

  /** What is in the columns: whole numbers, numbers, truth values, or text. */
  private static final class Kinds {
    private String[] names;
    private boolean[] whole;
    private boolean[] number;
    private boolean[] truth;

    private void look(String[] cells) {
      if (names == null) {
        names = cells.clone();
        whole = filled(cells.length);
        number = filled(cells.length);
        truth = filled(cells.length);
        return;
      }
      for (int i = 0; i < names.length; i++) {
        if (isMissing(cells, i)) {
          // Pandas has no whole numbers where one is missing.
          whole[i] = false;
        } else {
          whole[i] = whole[i] && WHOLE.matcher(cells[i]).matches();
          number[i] = number[i] && NUMBER.matcher(cells[i]).matches();
          truth[i] = truth[i] && TRUTHS.contains(cells[i]);
        }
      }
    }

    private static boolean isMissing(String[] cells, int column) {
      return column >= cells.length || cells[column] == null || MISSING.contains(cells[column]);
    }

    private static boolean[] filled(int length) {
      boolean[] values = new boolean[length];
      Arrays.fill(values, true);
      return values;
    }

    private JsonObject row(String[] cells) {
      JsonObject row = new JsonObject();
      for (int i = 0; i < names.length; i++) {
        if (names[i] != null) {
          row.add(names[i], isMissing(cells, i) ? JsonNull.INSTANCE : value(i, cells[i]));
        }
      }
      return row;
    }

    private JsonElement value(int column, String cell) {
      if (whole[column]) {
        return new JsonPrimitive(Long.parseLong(cell.strip()));
      }
      if (number[column]) {
        return new JsonPrimitive(Double.parseDouble(cell.strip()));
      }
      return truth[column]
          ? new JsonPrimitive(cell.equalsIgnoreCase("true"))
          : new JsonPrimitive(cell);
    }
  }
}
