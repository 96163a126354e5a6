package io.github.kolors4j.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The embeddings of the last prompts, for a text encoder that leaves memory after each use: about 8
 * MiB for a prompt of Kolors with its negative text.
 */
final class EncodedPrompts implements AutoCloseable {
  /** How many prompts are kept. */
  static final int CAPACITY = 32;

  private final Map<List<String>, PromptEmbeddings> byTexts = new LinkedHashMap<>(16, 0.75f, true);

  /** The embeddings of a prompt's texts, the caller's own to close, or null. */
  PromptEmbeddings get(Prompt prompt, NDManager owner) {
    PromptEmbeddings kept = byTexts.get(texts(prompt));
    return kept == null ? null : copy(kept, owner);
  }

  /** Keeps a copy, and forgets the prompt that was used longest ago if there are too many. */
  void put(Prompt prompt, PromptEmbeddings embeddings, NDManager owner) {
    PromptEmbeddings before = byTexts.put(texts(prompt), copy(embeddings, owner));
    if (before != null) {
      before.close();
    }
    if (byTexts.size() > CAPACITY) {
      Iterator<PromptEmbeddings> oldest = byTexts.values().iterator();
      oldest.next().close();
      oldest.remove();
    }
  }

  private static List<String> texts(Prompt prompt) {
    return prompt.guided()
        ? Arrays.asList(prompt.text(), prompt.negative() == null ? "" : prompt.negative())
        : List.of(prompt.text());
  }

  private static PromptEmbeddings copy(PromptEmbeddings embeddings, NDManager owner) {
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
