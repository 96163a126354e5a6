package io.github.kolors4j.juicer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON lines as data-juicer does, which holds its data as a table: each line has every field
 * that any line has (null where it lacks one), in the order of their first appearance; {@code /} is
 * escaped; decimals have at most ten digits after the point. (Its exporter is pandas' {@code
 * to_json(orient="records", lines=True, force_ascii=False)}.)
 */
final class ResultJson {
  private static final int DIGITS = 10;
  private static final double LARGE = 1e16;
  private static final int DOUBLE_BITS = 53;

  /** So many lines pandas gets at a time. */
  static final int BATCH = 1000;

  private final Columns columns;
  private final boolean rowByRow;

  /**
   * A writer for lines whose fields and kinds are known.
   *
   * @param rowByRow whether pandas gets what is within objects row by row, as after a filter, or
   *     all rows of a thousand at once, as after a mapper
   */
  ResultJson(Columns columns, boolean rowByRow) {
    this.columns = columns;
    this.rowByRow = rowByRow;
  }

  /** A writer for lines like these. */
  static ResultJson forLines(List<JsonObject> all) {
    Columns columns = new Columns();
    all.forEach(columns::add);
    return new ResultJson(columns, false);
  }

  /**
   * The lines as text, without line feeds. Pandas gets a thousand at a time, and has no whole
   * numbers where one is missing: then it writes those of the thousand (or, within objects, perhaps
   * those of the row) as decimals.
   */
  List<String> write(List<JsonObject> lines) {
    List<String> written = new ArrayList<>();
    for (int start = 0; start < lines.size(); start += BATCH) {
      List<JsonObject> batch = lines.subList(start, Math.min(start + BATCH, lines.size()));
      Set<Columns> incomplete = noColumns();
      batch.forEach(line -> lookForNulls(line, incomplete));
      batch.forEach(line -> written.add(write(line, incomplete)));
    }
    return written;
  }

  /** Adds the columns in which a line has no value; for each thousand there is one such set. */
  void lookForNulls(JsonObject line, Set<Columns> incomplete) {
    eachField(line, columns, (value, field) -> lookForNulls(value, field, incomplete));
  }

  /**
   * A line as text.
   *
   * @param incomplete columns in which a line of the same thousand has no value
   */
  String write(JsonObject line, Set<Columns> incomplete) {
    Set<Columns> ofLine = incomplete;
    if (rowByRow) {
      Set<Columns> these = noColumns();
      these.addAll(incomplete);
      eachField(line, columns, (value, field) -> lookWithinObjects(value, field, these));
      ofLine = these;
    }
    StringBuilder out = new StringBuilder();
    write(out, line, columns, ofLine);
    return out.toString();
  }

  /** An empty set of columns, each of which is itself alone. */
  static Set<Columns> noColumns() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private static void eachField(
      JsonObject object, Columns column, BiConsumer<JsonElement, Columns> action) {
    column.fields().forEach((name, field) -> action.accept(object.get(name), field));
  }

  /** Collects those columns in which a line has no value. */
  private void lookForNulls(@Nullable JsonElement value, Columns column, Set<Columns> incomplete) {
    if (value == null || value.isJsonNull()) {
      incomplete.add(column);
    } else if (value instanceof JsonObject object) {
      if (!rowByRow) {
        eachField(object, column, (v, field) -> lookForNulls(v, field, incomplete));
      }
    } else if (value instanceof JsonArray list) {
      list.forEach(item -> lookForNulls(item, column.requireElement(), incomplete));
    }
  }

  /** The same within the objects of one line. */
  private static void lookWithinObjects(
      JsonElement value, Columns column, Set<Columns> incomplete) {
    if (value instanceof JsonObject object) {
      eachField(object, column, (v, field) -> lookBelow(v, field, incomplete));
    } else if (value instanceof JsonArray list) {
      list.forEach(item -> lookWithinObjects(item, column.requireElement(), incomplete));
    }
  }

  private static void lookBelow(
      @Nullable JsonElement value, Columns column, Set<Columns> incomplete) {
    if (value == null || value.isJsonNull()) {
      incomplete.add(column);
    } else if (value instanceof JsonObject object) {
      eachField(object, column, (v, field) -> lookBelow(v, field, incomplete));
    } else if (value instanceof JsonArray list) {
      list.forEach(item -> lookBelow(item, column.requireElement(), incomplete));
    }
  }

  private static void write(
      StringBuilder out, @Nullable JsonElement value, Columns column, Set<Columns> incomplete) {
    if (value == null || value.isJsonNull()) {
      out.append("null");
      return;
    }
    switch (column.kind()) {
      case OBJECT -> {
        out.append('{');
        String separator = "";
        for (Map.Entry<String, Columns> field : column.fields().entrySet()) {
          out.append(separator);
          writeText(out, field.getKey());
          out.append(':');
          write(out, value.getAsJsonObject().get(field.getKey()), field.getValue(), incomplete);
          separator = ",";
        }
        out.append('}');
      }
      case LIST -> {
        out.append('[');
        JsonArray items = value.getAsJsonArray();
        for (int i = 0; i < items.size(); i++) {
          out.append(i == 0 ? "" : ",");
          write(out, items.get(i), column.requireElement(), incomplete);
        }
        out.append(']');
      }
      case TEXT -> writeText(out, value.getAsString());
      case DECIMAL -> out.append(decimal(value.getAsDouble()));
      case INTEGER ->
          out.append(
              incomplete.contains(column) && isExact(value.getAsBigInteger())
                  ? decimal(value.getAsDouble())
                  : value.getAsString());
      case TRUTH -> out.append(value.getAsBoolean());
      default -> out.append("null");
    }
  }

  /** Whether a decimal has all digits of a whole number; if not, they are written rather. */
  private static boolean isExact(BigInteger whole) {
    return whole.bitLength() <= DOUBLE_BITS;
  }

  static String decimal(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return "null";
    }
    if (Math.abs(value) > LARGE) {
      BigDecimal digits =
          new BigDecimal(value, new MathContext(DIGITS, RoundingMode.HALF_EVEN))
              .stripTrailingZeros();
      int exponent = digits.precision() - digits.scale() - 1;
      return digits.movePointLeft(exponent).toPlainString() + "e+" + exponent;
    }
    BigDecimal rounded =
        new BigDecimal(value).setScale(DIGITS, RoundingMode.HALF_EVEN).stripTrailingZeros();
    return rounded.scale() <= 0 ? rounded.setScale(1).toPlainString() : rounded.toPlainString();
  }

  private static void writeText(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '/' -> out.append("\\/");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
