package io.github.kolors4j.internal.model;

/**
 * A prompt as the text encoder takes it: three rows of the same length (256 for Kolors), padded on
 * the left.
 *
 * @param inputIds token ids: padding, {@code [gMASK]}, {@code sop}, then the prompt
 * @param attentionMask 1 for a token, 0 for padding
 * @param positionIds 0, 1, 2 … from the first token on; 0 for padding
 * @param truncated whether the prompt was too long and lost its end
 * @param droppedText what was cut off, empty if nothing was
 */
public record TokenizedPrompt(
    long[] inputIds,
    long[] attentionMask,
    long[] positionIds,
    boolean truncated,
    String droppedText) {

  /** Number of tokens without the padding. */
  public int length() {
    int length = 0;
    for (long used : attentionMask) {
      length += (int) used;
    }
    return length;
  }
}
