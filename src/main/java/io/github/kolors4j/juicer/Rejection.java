package io.github.kolors4j.juicer;

/**
 * A sample that was thrown out.
 *
 * @param sample the sample, with the statistics computed up to then
 * @param operator the operator's name
 * @param objection the value, the bound it broke, and the reason in words
 */
public record Rejection(Sample sample, String operator, Objection objection) {
  @Override
  public String toString() {
    return "第 "
        + sample.line()
        + " 行 (line "
        + sample.line()
        + "): "
        + operator
        + ": "
        + objection.chinese()
        + " ("
        + objection.english()
        + ")";
  }
}
