package io.github.kolors4j.juicer;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.Serializable;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What fields a data set has, in the order of their first appearance, and what their values are:
 * data-juicer holds its data as a table, so every line of a result has the fields of all lines.
 *
 * <p>A table of rows, a list's items and an object's fields are described alike. Parts of a data
 * set can be described apart and {@linkplain #add(Columns) added} in their order.
 */
final class Columns implements Serializable {
  private static final long serialVersionUID = 2;

  private static final BigInteger LARGEST_LONG = BigInteger.valueOf(Long.MAX_VALUE);

  /** As many as the columns of a table in text. */
  private static final int MOST_FIELDS = 4096;

  /** The kinds of values. */
  enum Kind {
    NOTHING,
    TRUTH,
    INTEGER,
    DECIMAL,
    TEXT,
    LIST,
    OBJECT
  }

  private final String name;
  private Kind kind = Kind.NOTHING;
  private int line;
  private boolean unsigned;
  private @Nullable Columns element;
  private final LinkedHashMap<String, Columns> fields = new LinkedHashMap<>();

  private Columns(String name) {
    this.name = name;
  }

  /** A table without rows or fields. */
  Columns() {
    this("");
    kind = Kind.OBJECT;
  }

  /** The name, with those of the fields that it is in. */
  String name() {
    return name;
  }

  /** Of whole numbers: whether one is beyond a signed number of 64 bits. */
  boolean isUnsigned() {
    return unsigned;
  }

  /** What all values are; {@code NOTHING} if all are null. */
  Kind kind() {
    return kind;
  }

  /** Of a list: what its items are; null if no list has items. */
  @Nullable Columns element() {
    return element;
  }

  /** Of a list that has items. */
  Columns requireElement() {
    return Objects.requireNonNull(element, name);
  }

  /** Of a table or an object: its fields. */
  Map<String, Columns> fields() {
    return fields;
  }

  /** Takes note of a value from no line in particular. */
  void add(JsonElement value) {
    add(value, 0);
  }

  /**
   * Takes note of a value.
   *
   * @param of the line that it is from, for messages
   * @throws RecipeException if it is of another kind than those before
   */
  void add(JsonElement value, int of) {
    Kind found = kindOf(value);
    if (found == Kind.NOTHING) {
      return;
    }
    join(found, of);
    if (found == Kind.INTEGER) {
      unsigned |= value.getAsBigInteger().compareTo(LARGEST_LONG) > 0;
    } else if (value instanceof JsonArray list) {
      Columns items = items();
      list.forEach(item -> items.add(item, of));
    } else if (value instanceof JsonObject object) {
      object.entrySet().forEach(entry -> field(entry.getKey()).add(entry.getValue(), of));
    }
  }

  /** Takes note of what others have noted of the values that follow. */
  void add(Columns others) {
    if (others.kind == Kind.NOTHING) {
      return;
    }
    join(others.kind, others.line);
    unsigned |= others.unsigned;
    if (others.element != null) {
      items().add(others.element);
    }
    others.fields.forEach((field, column) -> field(field).add(column));
  }

  private void join(Kind found, int of) {
    if (kind == Kind.NOTHING) {
      kind = found;
      line = of;
    } else if (kind != found) {
      if (!isNumber(kind) || !isNumber(found)) {
        throw new RecipeException(
            "The field %s is %s in one sample%s and %s in another%s; give it one kind in the data set."
                .formatted(name, word(kind), place(line), word(found), place(of)));
      }
      kind = Kind.DECIMAL;
    }
  }

  private static String place(int line) {
    return line == 0 ? "" : " (line " + line + ")";
  }

  private Columns items() {
    if (element == null) {
      element = new Columns(name + "[]");
    }
    return element;
  }

  private Columns field(String field) {
    Columns column = fields.get(field);
    if (column == null) {
      if (fields.size() == MOST_FIELDS) {
        throw new RecipeException(
            "The data set has more than %d different fields%s, such as %s, and each line of a result has all of them. Where names are values, such as numbers of pictures, write a list instead: [{\"name\": …, \"value\": …}]."
                .formatted(MOST_FIELDS, name.isEmpty() ? "" : " in " + name, field));
      }
      column = new Columns(name.isEmpty() ? field : name + "." + field);
      fields.put(field, column);
    }
    return column;
  }

  private static boolean isNumber(Kind kind) {
    return kind == Kind.INTEGER || kind == Kind.DECIMAL;
  }

  private static String word(Kind kind) {
    return switch (kind) {
      case NOTHING -> "nothing";
      case TRUTH -> "a truth value";
      case INTEGER -> "a whole number";
      case DECIMAL -> "a decimal";
      case TEXT -> "a text";
      case LIST -> "a list";
      case OBJECT -> "an object";
    };
  }

  private static Kind kindOf(JsonElement value) {
    if (value instanceof JsonPrimitive primitive) {
      if (primitive.isBoolean()) {
        return Kind.TRUTH;
      }
      if (primitive.isString()) {
        return Kind.TEXT;
      }
      return isWhole(primitive.getAsString()) ? Kind.INTEGER : Kind.DECIMAL;
    }
    if (value instanceof JsonArray) {
      return Kind.LIST;
    }
    return value instanceof JsonObject ? Kind.OBJECT : Kind.NOTHING;
  }

  private static boolean isWhole(String number) {
    for (int i = number.startsWith("-") ? 1 : 0; i < number.length(); i++) {
      if (number.charAt(i) < '0' || number.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
