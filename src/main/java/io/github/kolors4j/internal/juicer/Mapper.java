package io.github.kolors4j.internal.juicer;

/**
 * Edits a sample: its text, or its pictures (new files; those of the data set stay as they are).
 */
public non-sealed interface Mapper extends Operator {
  /**
   * Edits the sample in place.
   *
   * @throws io.github.kolors4j.image.PictureException if a picture cannot be read or written; the
   *     sample is then rejected with that reason, and the others go on
   */
  void process(Sample sample);
}
