package io.github.kolors4j.internal.juicer;

import java.util.Map;
import java.util.Optional;

/** Measures a sample and decides whether it stays. */
public non-sealed interface Filter extends Operator {
  /**
   * Computes the statistics that the decision needs and puts them into {@link Sample#statistics()},
   * if an earlier operator has not done so.
   *
   * @throws io.github.kolors4j.image.PictureException if a picture cannot be read; the sample is
   *     then rejected with that reason, and the others go on
   */
  void computeStatistics(Sample sample);

  /** Empty if the sample stays, else what is wrong with it. */
  Optional<Reason> judge(Sample sample);

  /**
   * The bounds of the statistics that it judges by, with data-juicer's defaults; none for a filter
   * that judges by something else than numbers.
   */
  default Map<String, Bounds> bounds() {
    return Map.of();
  }
}
