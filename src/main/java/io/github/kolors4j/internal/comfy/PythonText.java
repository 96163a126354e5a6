package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.PythonRepr;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Map;
import java.util.StringJoiner;

/** JSON values as Python writes them in its messages, which ComfyUI hands on. */
final class PythonText {
  private PythonText() {}

  /** {@code str(value)}. */
  static String str(JsonElement value) {
    return value instanceof JsonPrimitive text && text.isString()
        ? text.getAsString()
        : repr(value);
  }

  /** {@code repr(value)}. */
  static String repr(JsonElement value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(JsonElement value, StringBuilder out) {
    if (value instanceof JsonObject object) {
      String separator = "{";
      for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
        out.append(separator).append(PythonRepr.of(entry.getKey())).append(": ");
        write(entry.getValue(), out);
        separator = ", ";
      }
      out.append(object.size() == 0 ? "{}" : "}");
    } else if (value instanceof JsonArray list) {
      String separator = "";
      out.append('[');
      for (JsonElement element : list) {
        out.append(separator);
        write(element, out);
        separator = ", ";
      }
      out.append(']');
    } else if (value instanceof JsonPrimitive primitive) {
      out.append(
          primitive.isString()
              ? PythonRepr.of(primitive.getAsString())
              : primitive.isBoolean()
                  ? primitive.getAsBoolean() ? "True" : "False"
                  : PythonNumbers.isWhole(primitive)
                      ? primitive.getAsString()
                      : number(primitive.getAsDouble()));
    } else {
      out.append("None");
    }
  }

  /** {@code type(value).__name__}. */
  static String typeName(JsonElement value) {
    if (value instanceof JsonObject) {
      return "dict";
    }
    if (value instanceof JsonArray) {
      return "list";
    }
    if (value instanceof JsonPrimitive primitive) {
      return primitive.isString()
          ? "str"
          : primitive.isBoolean() ? "bool" : PythonNumbers.isWhole(primitive) ? "int" : "float";
    }
    return "NoneType";
  }

  /** The shortest digits that give the same number; an exponent below -4 and from 16. */
  static String number(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal exact = new BigDecimal(value);
    BigDecimal shortest = exact;
    for (int digits = 1; digits <= 17; digits++) {
      shortest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (shortest.doubleValue() == value) {
        break;
      }
    }
    shortest = shortest.stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = shortest.toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    String digits = shortest.unscaledValue().abs().toString();
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    return "%s%se%s%02d"
        .formatted(value < 0 ? "-" : "", mantissa, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  /** {@code str} of a list of choices. */
  static String list(Iterable<JsonElement> values) {
    StringJoiner joined = new StringJoiner(", ", "[", "]");
    values.forEach(value -> joined.add(repr(value)));
    return joined.toString();
  }
}
