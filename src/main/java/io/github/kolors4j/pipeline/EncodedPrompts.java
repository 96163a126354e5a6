package io.github.kolors4j.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The embeddings of the last prompts, for a text encoder that leaves memory after each use: about 8
 * MiB for a prompt of Kolors with its negative text.
 */
final class EncodedPrompts implements AutoCloseable {
  /** How many prompts are kept. */
  static final int CAPACITY = 32;

  private final Map<List<String>, PromptEmbeddings> byTexts = new LinkedHashMap<>(16, 0.75f, true);

  private final NDManager owner;

  /**
   * @param owner of the copies that are kept, and of those that are given out
   */
  EncodedPrompts(NDManager owner) {
    this.owner = owner;
  }

  /**
   * The embeddings of a prompt's texts, the caller's own to close. The prompt that was used longest
   * ago is forgotten if there are too many.
   */
  PromptEmbeddings getOrEncode(Prompt prompt, Function<Prompt, PromptEmbeddings> encoder) {
    PromptEmbeddings kept = byTexts.get(texts(prompt));
    if (kept != null) {
      return copy(kept);
    }
    PromptEmbeddings embeddings = encoder.apply(prompt);
    byTexts.put(texts(prompt), copy(embeddings));
    if (byTexts.size() > CAPACITY) {
      Iterator<PromptEmbeddings> oldest = byTexts.values().iterator();
      oldest.next().close();
      oldest.remove();
    }
    return embeddings;
  }

  private static List<String> texts(Prompt prompt) {
    return prompt.guided()
        ? Arrays.asList(prompt.text(), prompt.negative() == null ? "" : prompt.negative())
        : List.of(prompt.text());
  }

  private PromptEmbeddings copy(PromptEmbeddings embeddings) {
    NDArray tokens = embeddings.tokens().duplicate();
    NDArray pooled = embeddings.pooled().duplicate();
    tokens.attach(owner);
    pooled.attach(owner);
    return new PromptEmbeddings(tokens, pooled, embeddings.padding(), embeddings.warnings());
  }

  @Override
  public void close() {
    byTexts.values().forEach(PromptEmbeddings::close);
    byTexts.clear();
  }
}
