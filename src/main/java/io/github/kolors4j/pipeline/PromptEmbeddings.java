package io.github.kolors4j.pipeline;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * A prompt as the UNet reads it, encoded once for all steps. Closing it frees the arrays.
 *
 * @param tokens hidden states (rows, 256, hidden); two rows with guidance, the negative text first,
 *     otherwise one
 * @param pooled one vector a row (rows, hidden)
 * @param padding how many tokens at the start of every row are padding, which is one and the same
 *     vector; 0 if that is not known
 * @param warnings what a reader should know, such as the text that was too long to be read
 */
public record PromptEmbeddings(NDArray tokens, NDArray pooled, int padding, List<String> warnings)
    implements AutoCloseable {

  /** Copies the warnings. */
  public PromptEmbeddings {
    warnings = List.copyOf(warnings);
  }

  /** Whether there is a row for the negative text. */
  public boolean guided() {
    return tokens.getShape().get(0) == 2;
  }

  @Override
  public void close() {
    tokens.close();
    pooled.close();
  }
}
