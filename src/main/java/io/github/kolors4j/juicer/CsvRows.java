package io.github.kolors4j.juicer;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.dataset.CsvReader;
import io.github.kolors4j.internal.dataset.TextEncoding;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A table in text: a line of names, then rows. As pandas reads it, an empty cell is null, and a
 * column whose cells are all numbers is one of numbers. The file is therefore read twice.
 */
record CsvRows(Path file, char delimiter, TextEncoding encoding) implements RowSource {
  /** What pandas takes for a missing value. */
  private static final Set<String> MISSING =
      Set.of(
          "",
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

  private static final BigInteger LARGEST_LONG = BigInteger.valueOf(Long.MAX_VALUE);
  private static final BigInteger SMALLEST_LONG = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger LARGEST_UNSIGNED =
      BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  /** Longer ones may be beyond what a decimal can be. */
  private static final int LONGEST_NUMBER = 300;

  /** Whole numbers up to here are exact in a decimal. */
  private static final BigInteger LARGEST_EXACT = BigInteger.ONE.shiftLeft(53);

  @Override
  public void read(Consumer<Row> sink) throws IOException {
    List<String> names;
    List<Column> columns;
    try (CountedText text = new CountedText(file, encoding)) {
      CsvReader rows = new CsvReader(text.reader(), delimiter, file);
      names = rows.names();
      columns = Stream.generate(Column::new).limit(names.size()).toList();
      for (CsvReader.Row row = rows.next(); row != null; row = rows.next()) {
        for (int i = 0; i < columns.size(); i++) {
          columns.get(i).look(row.cell(i));
        }
      }
    }
    try (CountedText text = new CountedText(file, encoding)) {
      CsvReader rows = new CsvReader(text.reader(), delimiter, file);
      for (CsvReader.Row row = rows.next(); row != null; row = rows.next()) {
        CsvReader.Row these = row;
        sink.accept(
            new Row(
                row.line(), text.sinceLast(), text.share(), () -> fields(these, names, columns)));
      }
    }
  }

  private static JsonObject fields(CsvReader.Row row, List<String> names, List<Column> columns) {
    JsonObject fields = new JsonObject();
    for (int i = 0; i < names.size(); i++) {
      fields.add(names.get(i), columns.get(i).value(row.cell(i)));
    }
    return fields;
  }

  /** What is in a column: whole numbers, decimals, truth values, or text. */
  private static final class Column {
    private boolean whole = true;
    private boolean number = true;
    private boolean truth = true;
    private boolean missing;
    private BigInteger smallest = BigInteger.ZERO;
    private BigInteger largest = BigInteger.ZERO;

    void look(String cell) {
      if (MISSING.contains(cell)) {
        missing = true;
        return;
      }
      BigInteger value = whole ? PandasNumbers.whole(cell) : null;
      if (value == null || cell.length() > LONGEST_NUMBER) {
        whole = false;
        number = number && PandasNumbers.decimal(cell).isPresent();
      } else {
        smallest = smallest.min(value);
        largest = largest.max(value);
      }
      truth = truth && (cell.equalsIgnoreCase("true") || cell.equalsIgnoreCase("false"));
    }

    JsonElement value(String cell) {
      if (whole && !fits()) {
        return new JsonPrimitive(cell);
      }
      if (MISSING.contains(cell)) {
        return JsonNull.INSTANCE;
      }
      if (whole && !(missing && isExactInDecimals())) {
        return new JsonPrimitive(
            Objects.requireNonNull(PandasNumbers.whole(cell), "looked at before"));
      }
      if (number) {
        return new JsonPrimitive(PandasNumbers.decimal(cell).getAsDouble());
      }
      return truth ? new JsonPrimitive(cell.equalsIgnoreCase("true")) : new JsonPrimitive(cell);
    }

    /** Whether the whole numbers have 64 bits; if not, pandas keeps their text. */
    private boolean fits() {
      boolean signed =
          largest.compareTo(LARGEST_LONG) <= 0 && smallest.compareTo(SMALLEST_LONG) >= 0;
      return signed
          || !missing && smallest.signum() >= 0 && largest.compareTo(LARGEST_UNSIGNED) <= 0;
    }

    /** Pandas has no whole numbers where one is missing. Where that loses digits, they stay. */
    private boolean isExactInDecimals() {
      return largest.max(smallest.negate()).compareTo(LARGEST_EXACT) <= 0;
    }
  }
}
