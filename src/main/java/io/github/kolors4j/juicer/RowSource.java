package io.github.kolors4j.juicer;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/** A file of rows, each an object of fields. Nothing but the current row is held in memory. */
@FunctionalInterface
interface RowSource {
  /** Takes each row with the number of its line (or of the row, where lines mean nothing). */
  @FunctionalInterface
  interface Sink {
    void accept(int line, JsonObject row);
  }

  /** Reads the file from its start. */
  void read(Sink sink) throws IOException;

  /** Chooses by the file's ending: {@code .json}, {@code .csv}, {@code .tsv}, else JSON lines. */
  static RowSource of(Path file, Recipe recipe) {
    if (Files.isDirectory(file)) {
      return new PictureFolder(file, recipe);
    }
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".csv") || name.endsWith(".tsv")) {
      return sink -> readCsv(file, name.endsWith(".tsv") ? '\t' : ',', sink);
    }
    if (name.endsWith(".json")) {
      return sink -> readJson(file, recipe, sink);
    }
    return sink -> readLines(file, recipe, sink);
  }

  /** One object a line. */
  private static void readLines(Path file, Recipe recipe, Sink sink) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        String json = line.startsWith("\ufeff") ? line.substring(1) : line;
        if (!json.isBlank()) {
          sink.accept(number, object(file, number, recipe, json));
        }
      }
    }
  }

  private static JsonObject object(Path file, int number, Recipe recipe, String json) {
    try {
      return JsonParser.parseString(json).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw damaged(file, number, recipe, json);
    }
  }

  /** A list of objects, or objects one after the other. */
  private static void readJson(Path file, Recipe recipe, Sink sink) throws IOException {
    int number = 0;
    try (BufferedReader text = Files.newBufferedReader(file);
        JsonReader in = new JsonReader(text)) {
      text.mark(1);
      if (text.read() != '\ufeff') {
        text.reset();
      }
      in.setStrictness(com.google.gson.Strictness.LENIENT);
      boolean list = in.peek() == JsonToken.BEGIN_ARRAY;
      if (list) {
        in.beginArray();
      }
      while (list ? in.hasNext() : in.peek() != JsonToken.END_DOCUMENT) {
        number++;
        JsonElement row = JsonParser.parseReader(in);
        if (!row.isJsonObject()) {
          throw damaged(file, number, recipe, row.toString());
        }
        sink.accept(number, row.getAsJsonObject());
      }
    } catch (JsonParseException | MalformedJsonException e) {
      throw damaged(file, number + 1, recipe, e.getMessage());
    } catch (EOFException e) {
      // An empty file: the caller says so.
    }
  }

  /**
   * A line of names, then rows. As pandas reads it: an empty cell is null, and a column whose cells
   * are all numbers is one of numbers. The file is therefore read twice.
   */
  private static void readCsv(Path file, char delimiter, Sink sink) throws IOException {
    CsvColumns columns = new CsvColumns();
    eachRecord(file, delimiter, (line, cells) -> columns.look(cells));
    eachRecord(
        file,
        delimiter,
        (line, cells) -> {
          if (line > 1) {
            sink.accept(line - 1, columns.row(cells));
          }
        });
  }

  /** Takes the records of a CSV file; the first, of number 1, has the names. */
  @FunctionalInterface
  interface Records {
    void accept(int number, String[] cells);
  }

  private static void eachRecord(Path file, char delimiter, Records records) throws IOException {
    CsvParserSettings settings = new CsvParserSettings();
    settings.getFormat().setDelimiter(delimiter);
    settings.setLineSeparatorDetectionEnabled(true);
    settings.setNormalizeLineEndingsWithinQuotes(false);
    settings.setIgnoreLeadingWhitespaces(false);
    settings.setIgnoreTrailingWhitespaces(false);
    settings.setMaxCharsPerColumn(1 << 24);
    settings.setMaxColumns(4096);
    settings.setReadInputOnSeparateThread(false);
    CsvParser parser = new CsvParser(settings);
    try (BufferedReader in = Files.newBufferedReader(file)) {
      parser.beginParsing(in);
      int number = 0;
      for (String[] cells = parser.parseNext(); cells != null; cells = parser.parseNext()) {
        records.accept(++number, cells);
      }
    } catch (com.univocity.parsers.common.TextParsingException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new RecipeException(file + " is no CSV file: " + firstLine(e.getMessage()), e);
    }
  }

  private static String firstLine(String message) {
    return message == null ? "it cannot be parsed." : message.lines().findFirst().orElse("");
  }

  /** What pandas takes for a missing value. */
  Set<String> MISSING =
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

  /** What is in a CSV file's columns: whole numbers, numbers, truth values, or text. */
  final class CsvColumns {
    private String[] names;
    private boolean[] whole;
    private boolean[] number;
    private boolean[] truth;

    private CsvColumns() {}

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
          whole[i] &= cells[i].strip().matches("[+-]?\\d{1,18}");
          number[i] &= cells[i].strip().matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
          truth[i] &= cells[i].matches("True|False|TRUE|FALSE|true|false");
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
          row.add(names[i], isMissing(cells, i) ? null : value(i, cells[i]));
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

  /** The objection to a row that is not as it should be. */
  static RecipeException damaged(Path file, int line, Recipe recipe, String found) {
    return new RecipeException(
        file
            + ", line "
            + line
            + ": expected an object such as {\""
            + recipe.textKeys().get(0)
            + "\": \"…\", \""
            + recipe.imageKey()
            + "\": [\"0.jpg\"]}, found: "
            + found.substring(0, Math.min(60, found.length())));
  }
}
