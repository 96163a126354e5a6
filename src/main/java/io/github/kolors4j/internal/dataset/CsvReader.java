package io.github.kolors4j.internal.dataset;

import io.github.kolors4j.dataset.DatasetException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table in text, read as pandas' {@code read_csv} does (its {@code tokenizer.c}): a row of names,
 * then rows of cells.
 *
 * <ul>
 *   <li>A line ends with {@code \n}, {@code \r\n} or {@code \r}, also mixed; lines of blanks are
 *       passed over. Blanks in cells are kept, and {@code #} is a sign like any other.
 *   <li>A cell that begins with a quotation mark goes on to the next one, over delimiters and
 *       lines; two of them stand for one. What follows behind it belongs to the cell, too. Anywhere
 *       else a quotation mark is a sign like any other.
 *   <li>A column without a name is {@code Unnamed: 2}; a second one of the name {@code text} is
 *       {@code text.1}.
 *   <li>A row with fewer cells than names has no value in the last columns.
 * </ul>
 *
 * Where pandas would lose something without a word, this is refused: a first row with more cells
 * than names, a quotation mark that swallows rows, and a table of one column whose names are
 * separated by another sign.
 */
public final class CsvReader {
  private static final int MOST_COLUMNS = 4096;
  private static final int END = -1;

  private final Reader in;
  private final Path file;
  private final char delimiter;
  private final char[] buffer = new char[1 << 13];
  private int position;
  private int limit;

  private int line = 1;
  private char previous;
  private @Nullable List<String> names;
  private final StringBuilder cell = new StringBuilder();
  private final List<String> cells = new ArrayList<>();
  private int length;

  /**
   * A row.
   *
   * @param line the line on which it begins, counted from 1
   * @param cells as many as there are names, or fewer
   */
  public record Row(int line, List<String> cells) {
    /** The text in a column; empty if the row ends before it. */
    public String cell(int column) {
      return column < cells.size() ? cells.get(column) : "";
    }
  }

  /**
   * Begins to read.
   *
   * @param in the text; closing it is the caller's business
   * @param delimiter what stands between cells, such as a comma
   * @param file its name in messages
   */
  public CsvReader(Reader in, char delimiter, Path file) {
    this.in = in;
    this.delimiter = delimiter;
    this.file = file;
  }

  /**
   * The names of the columns; none if the file has no line of text.
   *
   * @throws DatasetException if the line of names is damaged
   */
  public List<String> names() throws IOException {
    if (names == null) {
      names = readRecord() == END ? List.of() : distinct(cells);
    }
    return names;
  }

  /**
   * The next row; null at the end.
   *
   * @throws DatasetException if it is damaged, or has more cells than there are names
   */
  public @Nullable Row next() throws IOException {
    List<String> columns = names();
    int start = columns.isEmpty() ? END : readRecord();
    if (start == END) {
      return null;
    }
    if (cells.size() > columns.size()) {
      throw tooManyCells(start, columns);
    }
    return new Row(start, List.copyOf(cells));
  }

  private DatasetException tooManyCells(int start, List<String> columns) {
    String sign = String.valueOf(delimiter);
    String joined = String.join(sign, cells.subList(columns.size() - 1, cells.size()));
    String shown = joined.length() > 60 ? joined.substring(0, 60) + "…" : joined;
    return error(
        start,
        "expected %d cells (%s), found %d. A text that has %s in it stands in quotation marks: \"%s\""
            .formatted(
                columns.size(),
                String.join(", ", columns),
                cells.size(),
                delimiter == ',' ? "commas" : "tabs",
                shown.replace("\"", "\"\"")));
  }

  private DatasetException error(int atLine, String message) {
    return new DatasetException(file + ", line " + atLine + ": " + message);
  }

  /** Fills {@link #cells}, and returns the line on which they begin, or that there is none left. */
  private int readRecord() throws IOException {
    cells.clear();
    length = 0;
    for (; ; ) {
      cell.setLength(0);
      int start = line;
      int c = read();
      while ((c == ' ' || c == '\t') && c != delimiter) {
        append(c, start);
        c = read();
      }
      if (c == END) {
        return END;
      }
      if (c != '\n') {
        readCells(c, start);
        return start;
      }
    }
  }

  /** {@code c} comes first, or first after the blanks that are in {@link #cell}. */
  private void readCells(int c, int start) throws IOException {
    int next = c;
    for (; ; ) {
      if (next == '"' && cell.isEmpty()) {
        next = readQuoted(start);
      }
      while (next != delimiter && next != '\n' && next != END) {
        append(next, start);
        next = read();
      }
      cells.add(cell.toString());
      cell.setLength(0);
      if (next != delimiter) {
        return;
      }
      if (cells.size() == MOST_COLUMNS) {
        throw error(start, "there are more than " + MOST_COLUMNS + " cells in a row.");
      }
      next = read();
    }
  }

  /** Reads to the closing quotation mark, and returns the sign behind it. */
  private int readQuoted(int start) throws IOException {
    int opened = line;
    for (; ; ) {
      int c = readAsItIs();
      if (c == END) {
        throw error(
            opened,
            "a quotation mark opens here and is never closed. Close it, or write a quotation mark"
                + " within a text twice and the text in quotation marks: \"5\"\" tall\"");
      }
      if (c != '"') {
        append(c, opened);
        continue;
      }
      int closed = line;
      c = read();
      if (c != '"') {
        if (c != delimiter && c != '\n' && c != END && closed > opened) {
          throw error(
              opened,
              "a quotation mark opens here, and the next one that could close it stands within a"
                  + " cell of line "
                  + closed
                  + ": one is missing, or one too many. Within a text they are written twice.");
        }
        return c;
      }
      append(c, start);
    }
  }

  private void append(int c, int start) {
    if (++length > TextLines.LONGEST) {
      throw TextLines.tooLong(file, start, "the row (is a quotation mark missing?)");
    }
    cell.append((char) c);
  }

  /** The next sign; a line's end of any kind is a line feed. */
  private int read() throws IOException {
    int c = readAsItIs();
    if (c != '\r') {
      return c;
    }
    if (position < limit || fill()) {
      if (buffer[position] == '\n') {
        readAsItIs();
      }
    }
    return '\n';
  }

  /** The next sign, also of a line's end within quotation marks. */
  private int readAsItIs() throws IOException {
    if (position == limit && !fill()) {
      return END;
    }
    char c = buffer[position++];
    if (c == '\r' || c == '\n' && previous != '\r') {
      line++;
    }
    previous = c;
    return c;
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(buffer));
    return limit > 0;
  }

  /**
   * The names as pandas makes them distinct.
   *
   * @throws DatasetException if there is one only and it looks like several
   */
  private List<String> distinct(List<String> header) {
    if (header.size() == 1 || header.get(0).equals("sep=")) {
      requireOneName(header.get(0));
    }
    List<String> made = new ArrayList<>();
    for (int i = 0; i < header.size(); i++) {
      made.add(header.get(i).isEmpty() ? "Unnamed: " + i : header.get(i));
    }
    Map<String, Integer> counts = new HashMap<>();
    for (boolean named : new boolean[] {true, false}) {
      for (int i = 0; i < made.size(); i++) {
        if (named != header.get(i).isEmpty()) {
          made.set(i, distinct(made.get(i), made, counts));
        }
      }
    }
    return List.copyOf(made);
  }

  private static String distinct(String name, List<String> all, Map<String, Integer> counts) {
    String made = name;
    int count = counts.getOrDefault(name, 0);
    while (count > 0) {
      counts.put(name, count + 1);
      made = name + "." + count;
      count = all.contains(made) ? count + 1 : counts.getOrDefault(made, 0);
    }
    counts.put(made, count + 1);
    return made;
  }

  private void requireOneName(String name) {
    Map<Character, String> others = Map.of(';', "semicolons", '\t', "tabs", '|', "bars");
    boolean excel = name.startsWith("sep=");
    for (Map.Entry<Character, String> other : others.entrySet()) {
      if (excel || other.getKey() != delimiter && name.indexOf(other.getKey()) >= 0) {
        throw error(
            1,
            "expected names of columns with %s between them, found: %s. Save the table with %s%s"
                .formatted(
                    delimiter == ',' ? "commas" : "tabs",
                    name,
                    delimiter == ',' ? "commas" : "tabs",
                    excel
                        ? ", without this line of Excel's."
                        : " instead of " + other.getValue() + "."));
      }
    }
  }
}
