package io.github.kolors4j.juicer;

import io.github.kolors4j.internal.juicer.Reason;
import io.github.kolors4j.internal.juicer.Sample;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A few samples in a row that have gone through the operators of a stage.
 *
 * @param outcomes what became of each sample, in their order
 * @param tallies one for each operator of the stage, the last included
 * @param columns the fields of the samples before the first operator
 */
record Batch(List<Outcome> outcomes, List<Tally> tallies, Columns columns) {
  /**
   * What became of a sample.
   *
   * @param rejection why it was thrown out; null if it was not
   * @param by the place in the recipe of the operator that threw it out; -1 before the first
   * @param key what the stage's last operator looks at; null if there is none, or nothing to look
   *     at
   * @param bytes the sample, or its rejection, as it is set aside
   */
  record Outcome(
      Sample sample, @Nullable Rejection rejection, int by, @Nullable Object key, byte[] bytes) {
    static Outcome kept(Sample sample, @Nullable Object key, byte[] bytes) {
      return new Outcome(sample, null, 0, key, bytes);
    }

    static Outcome rejected(Sample sample, int by, String operator, Reason reason) {
      Rejection rejection = new Rejection(sample, operator, reason);
      byte[] bytes = rejection.toJson().toString().getBytes(StandardCharsets.UTF_8);
      return new Outcome(sample, rejection, by, null, bytes);
    }
  }

  /** What an operator has done. */
  static final class Tally implements Serializable {
    private static final long serialVersionUID = 1;

    int received;
    int kept;
    long nanoseconds;
    final ArrayList<Tracer.Change> changes = new ArrayList<>();
  }
}
