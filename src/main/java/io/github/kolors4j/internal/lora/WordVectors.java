package io.github.kolors4j.internal.lora;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.internal.model.NewWord;

/**
 * A word that was learned by textual inversion, with the vectors of its tokens.
 *
 * @param word as it stands in prompts
 * @param vectors (tokens, hidden) float32
 */
public record WordVectors(String word, NDArray vectors) {
  /** The word and how many tokens it has. */
  public NewWord newWord() {
    return new NewWord(word, (int) vectors.getShape().get(0));
  }
}
