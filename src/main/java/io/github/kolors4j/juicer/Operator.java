package io.github.kolors4j.juicer;

import java.util.Optional;

/**
 * One step of a recipe that decides which samples stay. To add one, write a small class with a
 * constructor from {@link Parameters} and register it in {@link Operators}.
 */
public interface Operator {
  /** Its name in recipes. */
  String name();

  /**
   * Computes the statistics that the decision needs and puts them into {@link Sample#statistics()},
   * if an earlier operator has not done so.
   *
   * @throws io.github.kolors4j.image.PictureException if a picture cannot be read; the sample is
   *     then rejected with that reason, and the others go on
   */
  void computeStatistics(Sample sample);

  /** Empty if the sample stays, else what is wrong with it. */
  Optional<Objection> judge(Sample sample);
}
