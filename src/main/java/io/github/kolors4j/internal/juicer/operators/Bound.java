package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Reason;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * A bound that a value broke.
 *
 * @param name the parameter's name
 * @param limit its value
 * @param value what was measured
 */
record Bound(String name, double limit, double value) {

  /** Empty if {@code min <= value <= max}. */
  static Optional<Bound> check(
      String minName, double min, String maxName, double max, double value) {
    if (value < min) {
      return Optional.of(new Bound(minName, min, value));
    }
    return value > max ? Optional.of(new Bound(maxName, max, value)) : Optional.empty();
  }

  /**
   * The reason in words.
   *
   * @param shown the value as a table should show it
   */
  Reason reason(
      String shown, String chinese, String english, String chineseUnit, String englishUnit) {
    boolean below = value < limit;
    String bound = name + " = " + text(limit);
    return new Reason(
        shown,
        bound,
        chinese
            + " "
            + (text(value) + " " + chineseUnit).strip()
            + (below ? "，小于下限 " : "，大于上限 ")
            + bound,
        english
            + " "
            + (text(value) + " " + englishUnit).strip()
            + (below ? " is below " : " is above ")
            + bound);
  }

  /** At most four digits after the point, more only if the value would look like its bound. */
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
