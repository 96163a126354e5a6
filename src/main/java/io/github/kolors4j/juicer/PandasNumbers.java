package io.github.kolors4j.juicer;

import java.math.BigInteger;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Numbers in text as pandas' {@code read_csv} takes them, to the last bit: its {@code
 * precise_xstrtod} looks at 17 digits and scales them once, which is not the nearest number always.
 */
final class PandasNumbers {
  private static final String BLANK = "[ \\t\\n\\x0B\\f\\r]*";
  private static final Pattern WHOLE = Pattern.compile(BLANK + "([+-]?[0-9]+)" + BLANK);
  private static final Pattern DECIMAL =
      Pattern.compile(BLANK + "([+-]?)([0-9]*)(?:\\.([0-9]*))?(?:[eE]([+-]?)([0-9]+))?" + BLANK);
  private static final Pattern INFINITE = Pattern.compile("(?i)([+-]?)inf(?:inity)?");
  private static final int DIGITS = 17;
  private static final int LARGEST_POWER = 308;
  private static final double[] POWERS = new double[LARGEST_POWER + 1];

  static {
    for (int i = 0; i < POWERS.length; i++) {
      POWERS[i] = Double.parseDouble("1e" + i);
    }
  }

  private PandasNumbers() {}

  /** A whole number of any size; null if the text is none. */
  static @Nullable BigInteger whole(String text) {
    Matcher matcher = WHOLE.matcher(text);
    return matcher.matches() ? new BigInteger(matcher.group(1)) : null;
  }

  /** A number; empty if the text is none, or one that is too large. */
  static OptionalDouble decimal(String text) {
    Matcher infinite = INFINITE.matcher(text);
    if (infinite.matches()) {
      boolean negative = infinite.group(1).equals("-");
      return OptionalDouble.of(negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    }
    Matcher matcher = DECIMAL.matcher(text);
    if (!matcher.matches()) {
      return OptionalDouble.empty();
    }
    String before = matcher.group(2);
    String behind = matcher.group(3) == null ? "" : matcher.group(3);
    String digits = before + behind;
    if (digits.isEmpty()) {
      return OptionalDouble.empty();
    }
    int counted = Math.min(DIGITS, digits.length());
    double number = 0;
    for (int i = 0; i < counted; i++) {
      number = number * 10 + (digits.charAt(i) - '0');
    }
    long exponent = before.length() - counted + exponent(matcher);
    double scaled = scaled(number, exponent);
    boolean negative = matcher.group(1).equals("-");
    return Double.isInfinite(scaled)
        ? OptionalDouble.empty()
        : OptionalDouble.of(negative ? -scaled : scaled);
  }

  private static long exponent(Matcher matcher) {
    String digits = matcher.group(5);
    if (digits == null) {
      return 0;
    }
    long exponent = Long.parseLong(digits.substring(0, Math.min(DIGITS, digits.length())));
    return "-".equals(matcher.group(4)) ? -exponent : exponent;
  }

  private static double scaled(double number, long exponent) {
    if (exponent > LARGEST_POWER) {
      return Double.POSITIVE_INFINITY;
    }
    if (exponent >= 0) {
      return number * POWERS[(int) exponent];
    }
    if (exponent >= -LARGEST_POWER) {
      return number / POWERS[(int) -exponent];
    }
    long rest = -LARGEST_POWER - exponent;
    return rest > LARGEST_POWER ? 0 : number / POWERS[(int) rest] / POWERS[LARGEST_POWER];
  }
}
