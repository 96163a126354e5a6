package io.github.kolors4j.notebook;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * A number as a person reads it: four significant digits, whole numbers in full, very small and
 * very large ones with a power of ten.
 */
final class ShortNumber {
  private static final int DIGITS = 4;
  private static final double SMALL = 1e-4;
  private static final double LARGE = 1e9;

  private ShortNumber() {}

  /** For instance 1.243, 1024, 3.27e-05. */
  static String of(double number) {
    double size = Math.abs(number);
    if (!Double.isFinite(number) || size >= 1e15) {
      return String.valueOf(number);
    }
    if (number == Math.rint(number)) {
      return String.valueOf((long) number);
    }
    BigDecimal exact = new BigDecimal(number);
    int whole = exact.precision() - exact.scale(); // digits before the point
    int digitsShown = size < LARGE ? Math.max(DIGITS, whole) : DIGITS;
    BigDecimal rounded = exact.round(new MathContext(digitsShown)).stripTrailingZeros();
    if (size >= SMALL && size < LARGE) {
      return rounded.toPlainString();
    }
    String digits = rounded.unscaledValue().toString();
    int first = number < 0 ? 2 : 1;
    int exponent = digits.length() - first - rounded.scale();
    String fraction = digits.length() > first ? "." + digits.substring(first) : "";
    return "%s%se%s%02d"
        .formatted(
            digits.substring(0, first), fraction, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }
}
