package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Bounds;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Reason;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * Between which values a recipe keeps something that is measured, both included.
 *
 * @param what the end of the parameters' names: {@code ratio} for {@code min_ratio, max_ratio}
 * @param min the least value that stays
 * @param max the greatest value that stays
 */
record Range(String what, double min, double max) {
  /** Something that is measured, in words; units may be empty. */
  record Quantity(String chinese, String english, String chineseUnit, String englishUnit) {
    Quantity(String chinese, String english) {
      this(chinese, english, "", "");
    }
  }

  /** From {@code min_WHAT, max_WHAT}, which are numbers. */
  static Range ofDecimals(Parameters parameters, String what, double min, double max) {
    double lower = parameters.decimal("min_" + what, min);
    return new Range(what, lower, parameters.decimal("max_" + what, max));
  }

  /** From {@code min_WHAT, max_WHAT}, which are whole numbers. */
  static Range ofIntegers(Parameters parameters, String what, long min, long max) {
    long lower = parameters.integer("min_" + what, min);
    return new Range(what, lower, parameters.integer("max_" + what, max));
  }

  Bounds bounds() {
    return Bounds.of(min, max);
  }

  /** Which bound a value breaks, if it does. */
  Optional<Reason> check(double value, Quantity quantity) {
    return check(value, text(value), quantity);
  }

  /** Same, with the value as a table should show it. */
  Optional<Reason> check(double value, String shown, Quantity quantity) {
    boolean below = value < min;
    if (!below && !(value > max)) {
      return Optional.empty();
    }
    String bound = below ? "min_" + what + " = " + text(min) : "max_" + what + " = " + text(max);
    String chinese = (text(value) + " " + quantity.chineseUnit()).strip();
    String english = (text(value) + " " + quantity.englishUnit()).strip();
    return Optional.of(
        new Reason(
            shown,
            bound,
            quantity.chinese() + " " + chinese + (below ? "，小于下限 " : "，大于上限 ") + bound,
            quantity.english() + " " + english + (below ? " is below " : " is above ") + bound));
  }

  /** At most four digits after the point. */
  static String text(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "∞" : "-∞";
    }
    return new BigDecimal(value)
        .setScale(4, RoundingMode.HALF_EVEN)
        .stripTrailingZeros()
        .toPlainString();
  }
}
