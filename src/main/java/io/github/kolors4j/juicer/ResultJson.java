package io.github.kolors4j.juicer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes JSON lines as data-juicer does, which holds its data as a table: each line has every field
 * that any line has (null where it lacks one), in the order of their first appearance; {@code /} is
 * escaped; decimals have at most ten digits after the point. (Its exporter is pandas' {@code
 * to_json(orient="records", lines=True, force_ascii=False)}.)
 */
final class ResultJson {
  private static final int DIGITS = 10;
  private static final double LARGE = 1e16;
  private static final int BATCH = 1000;

  private enum Kind {
    NOTHING,
    TRUTH,
    INTEGER,
    DECIMAL,
    TEXT,
    LIST,
    OBJECT
  }

  /** What the values of a field are, over all lines. */
  private static final class Type {
    Kind kind = Kind.NOTHING;
    boolean lacksOne;
    Type element;
    Map<String, Type> fields;

    void add(String where, JsonElement value) {
      Kind found = kindOf(value);
      if (found == Kind.NOTHING) {
        return;
      }
      boolean number =
          (kind == Kind.INTEGER || kind == Kind.DECIMAL)
              && (found == Kind.INTEGER || found == Kind.DECIMAL);
      if (kind == Kind.NOTHING) {
        kind = found;
      } else if (number) {
        kind = kind == found ? kind : Kind.DECIMAL;
      } else if (kind != found) {
        throw new RecipeException(
            "The field "
                + where
                + " is a "
                + kind.name().toLowerCase(java.util.Locale.ROOT)
                + " in one sample and a "
                + found.name().toLowerCase(java.util.Locale.ROOT)
                + " in another; give it one kind in the data set.");
      }
      if (found == Kind.LIST) {
        element = element == null ? new Type() : element;
        value.getAsJsonArray().forEach(item -> element.add(where + "[]", item));
      } else if (found == Kind.OBJECT) {
        fields = fields == null ? new LinkedHashMap<>() : fields;
        value
            .getAsJsonObject()
            .entrySet()
            .forEach(
                entry ->
                    fields
                        .computeIfAbsent(entry.getKey(), key -> new Type())
                        .add(where + "." + entry.getKey(), entry.getValue()));
      }
    }
  }

  private final Type type = new Type();

  /** A writer that knows no fields yet. */
  ResultJson() {
    type.kind = Kind.OBJECT;
    type.fields = new LinkedHashMap<>();
  }

  /** A writer for lines like these. */
  static ResultJson forLines(List<JsonObject> all) {
    ResultJson writer = new ResultJson();
    all.forEach(writer::add);
    return writer;
  }

  /** Takes note of a line's fields, and of what they hold. */
  void add(JsonObject line) {
    line.entrySet()
        .forEach(
            entry ->
                type.fields
                    .computeIfAbsent(entry.getKey(), key -> new Type())
                    .add(entry.getKey(), entry.getValue()));
  }

  /**
   * The lines as text, without line feeds. Pandas gets a thousand at a time, and has no whole
   * numbers where one is missing: then it writes those of the thousand as decimals.
   */
  List<String> write(List<JsonObject> lines) {
    List<String> written = new ArrayList<>();
    for (int start = 0; start < lines.size(); start += BATCH) {
      List<JsonObject> batch = lines.subList(start, Math.min(start + BATCH, lines.size()));
      forget(type);
      batch.forEach(line -> lookForNulls(line, type));
      for (JsonObject line : batch) {
        StringBuilder out = new StringBuilder();
        write(out, line, type);
        written.add(out.toString());
      }
    }
    return written;
  }

  private static void forget(Type type) {
    type.lacksOne = false;
    if (type.element != null) {
      forget(type.element);
    }
    if (type.fields != null) {
      type.fields.values().forEach(ResultJson::forget);
    }
  }

  private static void lookForNulls(JsonElement value, Type type) {
    if (value == null || value.isJsonNull()) {
      type.lacksOne = true;
    } else if (type.kind == Kind.OBJECT) {
      type.fields.forEach((name, field) -> lookForNulls(value.getAsJsonObject().get(name), field));
    } else if (type.kind == Kind.LIST) {
      value.getAsJsonArray().forEach(item -> lookForNulls(item, type.element));
    }
  }

  private static void write(StringBuilder out, JsonElement value, Type type) {
    if (value == null || value.isJsonNull()) {
      out.append("null");
      return;
    }
    switch (type.kind) {
      case OBJECT -> {
        out.append('{');
        String separator = "";
        for (Map.Entry<String, Type> field : type.fields.entrySet()) {
          out.append(separator);
          writeText(out, field.getKey());
          out.append(':');
          write(out, value.getAsJsonObject().get(field.getKey()), field.getValue());
          separator = ",";
        }
        out.append('}');
      }
      case LIST -> {
        out.append('[');
        JsonArray items = value.getAsJsonArray();
        for (int i = 0; i < items.size(); i++) {
          out.append(i == 0 ? "" : ",");
          write(out, items.get(i), type.element);
        }
        out.append(']');
      }
      case TEXT -> writeText(out, value.getAsString());
      case DECIMAL -> out.append(decimal(value.getAsDouble()));
      case INTEGER ->
          out.append(type.lacksOne ? decimal(value.getAsDouble()) : value.getAsString());
      case TRUTH -> out.append(value.getAsBoolean());
      default -> out.append("null");
    }
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

  private static Kind kindOf(JsonElement value) {
    if (value instanceof JsonNull) {
      return Kind.NOTHING;
    }
    if (value instanceof JsonArray) {
      return Kind.LIST;
    }
    if (value instanceof JsonPrimitive primitive) {
      if (primitive.isBoolean()) {
        return Kind.TRUTH;
      }
      if (primitive.isString()) {
        return Kind.TEXT;
      }
      return primitive.getAsString().matches("-?\\d+") ? Kind.INTEGER : Kind.DECIMAL;
    }
    return Kind.OBJECT;
  }
}
