package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Parameters;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** How many a selector keeps: a share, a number, or of both the one that keeps less. */
record Portion(OptionalDouble ratio, OptionalInt number) {
  /** From two parameters; a share of 0 counts as none. */
  static Portion of(Parameters parameters, String ratio, String number) {
    return new Portion(parameters.optionalRatio(ratio), parameters.optionalPositive(number));
  }

  boolean isEmpty() {
    return ratio.orElse(0) == 0 && number.isEmpty();
  }

  /** How many of {@code count}; a part of one counts as none. */
  int of(int count) {
    double share = ratio.orElse(0);
    return (int)
        Math.min(share == 0 ? Integer.MAX_VALUE : share * count, number.orElse(Integer.MAX_VALUE));
  }
}
