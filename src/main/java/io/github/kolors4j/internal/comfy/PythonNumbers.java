package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.internal.PythonRepr;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What Python's {@code int}, {@code float}, {@code bool}, {@code ==} and {@code <} make of JSON.
 */
final class PythonNumbers {
  private static final Pattern WHOLE = Pattern.compile("-?\\d+");
  private static final Pattern INT = Pattern.compile("[+-]?\\p{Nd}+(_\\p{Nd}+)*");
  private static final Pattern FLOAT =
      Pattern.compile("(\\d+(_\\d+)*\\.?(\\d+(_\\d+)*)?|\\.\\d+(_\\d+)*)(e[+-]?\\d+(_\\d+)*)?");

  /** Longer texts are no numbers for Python. */
  private static final int MOST_DIGITS = 4300;

  private PythonNumbers() {}

  /** Whether JSON writes it as Python's {@code int}. */
  static boolean isWhole(JsonPrimitive number) {
    return number.isNumber() && WHOLE.matcher(number.getAsString()).matches();
  }

  /** {@code int(value)}. */
  static JsonPrimitive toInt(JsonElement value) throws PythonError {
    if (value instanceof JsonPrimitive primitive) {
      if (primitive.isBoolean()) {
        return new JsonPrimitive(primitive.getAsBoolean() ? 1 : 0);
      }
      if (primitive.isString()) {
        return new JsonPrimitive(whole(primitive.getAsString()));
      }
      if (isWhole(primitive)) {
        return primitive;
      }
      double number = primitive.getAsDouble();
      if (Double.isNaN(number)) {
        throw new PythonError("ValueError", "cannot convert float NaN to integer");
      }
      if (Double.isInfinite(number)) {
        throw new PythonError("OverflowError", "cannot convert float infinity to integer");
      }
      return new JsonPrimitive(new BigDecimal(number).toBigInteger());
    }
    throw new PythonError(
        "TypeError",
        "int() argument must be a string, a bytes-like object or a real number, not '%s'"
            .formatted(PythonText.typeName(value)));
  }

  private static BigInteger whole(String text) throws PythonError {
    String stripped = strip(text);
    if (!INT.matcher(stripped).matches()) {
      String quoted = PythonRepr.of(text);
      throw new PythonError(
          "ValueError",
          "invalid literal for int() with base 10: "
              + (quoted.length() > 200 ? quoted.substring(0, 200) : quoted));
    }
    StringBuilder digits = new StringBuilder();
    stripped
        .codePoints()
        .filter(Character::isDigit)
        .forEach(c -> digits.append(Character.digit(c, 10)));
    if (digits.length() > MOST_DIGITS) {
      throw new PythonError(
          "ValueError",
          "Exceeds the limit (4300 digits) for integer string conversion: value has %d digits; use sys.set_int_max_str_digits() to increase the limit"
              .formatted(digits.length()));
    }
    BigInteger number = new BigInteger(digits.toString());
    return stripped.startsWith("-") ? number.negate() : number;
  }

  /** {@code float(value)}. */
  static JsonPrimitive toFloat(JsonElement value) throws PythonError {
    if (value instanceof JsonPrimitive primitive) {
      if (primitive.isBoolean()) {
        return new JsonPrimitive(primitive.getAsBoolean() ? 1.0 : 0.0);
      }
      if (primitive.isString()) {
        return new JsonPrimitive(fraction(primitive.getAsString()));
      }
      double number = primitive.getAsDouble();
      if (isWhole(primitive) && Double.isInfinite(number)) {
        throw new PythonError("OverflowError", "int too large to convert to float");
      }
      return new JsonPrimitive(number);
    }
    throw new PythonError(
        "TypeError",
        "float() argument must be a string or a real number, not '%s'"
            .formatted(PythonText.typeName(value)));
  }

  private static double fraction(String text) throws PythonError {
    String stripped = strip(text).toLowerCase(Locale.ROOT);
    String sign = stripped.startsWith("-") ? "-" : "";
    String unsigned = stripped.replaceFirst("^[+-]", "");
    switch (unsigned) {
      case "nan" -> {
        return Double.NaN;
      }
      case "inf", "infinity" -> {
        return sign.isEmpty() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
      }
      default -> {
        String digits = asciiDigits(unsigned);
        if (!FLOAT.matcher(digits).matches()) {
          throw new PythonError(
              "ValueError", "could not convert string to float: " + PythonRepr.of(text));
        }
        return Double.parseDouble(sign + digits.replace("_", ""));
      }
    }
  }

  private static String asciiDigits(String text) {
    StringBuilder ascii = new StringBuilder();
    text.codePoints()
        .forEach(
            c ->
                ascii.append(
                    Character.isDigit(c)
                        ? Integer.toString(Character.digit(c, 10))
                        : Character.toString(c)));
    return ascii.toString();
  }

  private static String strip(String text) {
    return text.replaceAll("^[\\s\\p{Z}\\x1c-\\x1f\\x85]+|[\\s\\p{Z}\\x1c-\\x1f\\x85]+$", "");
  }

  /** {@code bool(value)}. */
  static boolean isTrue(JsonElement value) {
    if (value instanceof JsonArray list) {
      return !list.isEmpty();
    }
    if (value instanceof JsonObject object) {
      return object.size() > 0;
    }
    if (value instanceof JsonPrimitive primitive) {
      return primitive.isBoolean()
          ? primitive.getAsBoolean()
          : primitive.isString()
              ? !primitive.getAsString().isEmpty()
              : primitive.getAsDouble() != 0 || !isZero(primitive);
    }
    return false;
  }

  private static boolean isZero(JsonPrimitive number) {
    return !isWhole(number) || number.getAsString().matches("-?0+");
  }

  /** Whether it is no number at all, or infinite. */
  static boolean isFinite(JsonPrimitive number) {
    return isWhole(number) || Double.isFinite(number.getAsDouble());
  }

  /**
   * Compares two numbers exactly, as Python does; NaN is neither smaller nor larger.
   *
   * @return below 0, 0, or above 0
   */
  static int compare(JsonPrimitive a, JsonPrimitive b) {
    if (isFinite(a) && isFinite(b)) {
      return exact(a).compareTo(exact(b));
    }
    double left = a.getAsDouble();
    double right = b.getAsDouble();
    return left < right ? -1 : left > right ? 1 : 0;
  }

  private static BigDecimal exact(JsonPrimitive number) {
    return isWhole(number)
        ? new BigDecimal(number.getAsString())
        : new BigDecimal(number.getAsDouble());
  }

  /** {@code a == b}: numbers and truth values by their value, all else by kind and content. */
  static boolean equal(JsonElement a, JsonElement b) {
    if (a instanceof JsonPrimitive left && b instanceof JsonPrimitive right) {
      if (left.isString() || right.isString()) {
        return left.isString()
            && right.isString()
            && left.getAsString().equals(right.getAsString());
      }
      JsonPrimitive one = asNumber(left);
      JsonPrimitive other = asNumber(right);
      return isFinite(one) == isFinite(other)
          && !Double.isNaN(one.getAsDouble())
          && compare(one, other) == 0;
    }
    if (a instanceof JsonArray left && b instanceof JsonArray right) {
      boolean same = left.size() == right.size();
      for (int i = 0; same && i < left.size(); i++) {
        same = equal(left.get(i), right.get(i));
      }
      return same;
    }
    if (a instanceof JsonObject left && b instanceof JsonObject right) {
      boolean same = left.size() == right.size();
      for (Map.Entry<String, JsonElement> entry : left.entrySet()) {
        JsonElement other = right.get(entry.getKey());
        same = same && other != null && equal(entry.getValue(), other);
      }
      return same;
    }
    return a.isJsonNull() && b.isJsonNull();
  }

  private static JsonPrimitive asNumber(JsonPrimitive value) {
    return value.isBoolean() ? new JsonPrimitive(value.getAsBoolean() ? 1 : 0) : value;
  }
}
