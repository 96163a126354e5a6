package io.github.kolors4j.lab;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.ChatGlmTokenizer;
import io.github.kolors4j.internal.model.TokenizedPrompt;
import io.github.kolors4j.internal.tensor.Gradients;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The frozen text encoder's hidden states of captions, each computed once.
 *
 * <p>All padding in front of a caption has one and the same hidden state, so that only one of them
 * is kept beside the tokens'.
 */
final class CaptionEmbeddings {
  private record Embedding(float[] padding, float[] tokens, float[] pooled) {}

  /** Lengths are multiples of this: a network is recorded for each length anew. */
  private static final int FEW_LENGTHS = 8;

  private final ChatGlmTokenizer tokenizer;
  private final ChatGlm encoder;
  private final int hidden;
  private final Map<String, Embedding> known = new ConcurrentHashMap<>();

  CaptionEmbeddings(ChatGlmTokenizer tokenizer, ChatGlm encoder) {
    this.tokenizer = tokenizer;
    this.encoder = encoder;
    hidden = encoder.config().hiddenSize();
  }

  /**
   * Captions as the UNet takes them, padding given once.
   *
   * @param text (batch, length, hidden): the padding, the tokens, and what counts nothing
   * @param bias (batch, length): how many each stands for, as a logarithm
   * @param pooled (batch, hidden)
   */
  record Batch(NDArray text, NDArray bias, NDArray pooled) {}

  Batch batch(NDManager manager, List<String> captions) {
    List<String> unknown = new ArrayList<>(new LinkedHashSet<>(captions));
    unknown.removeIf(known::containsKey);
    if (!unknown.isEmpty()) {
      encode(manager, unknown);
    }
    List<Embedding> embeddings = captions.stream().map(known::get).toList();
    int longest = 1 + embeddings.stream().mapToInt(e -> e.tokens().length / hidden).max().orElse(0);
    int length = (longest + FEW_LENGTHS - 1) / FEW_LENGTHS * FEW_LENGTHS;
    float[] text = new float[captions.size() * length * hidden];
    float[] bias = new float[captions.size() * length];
    float[] pooled = new float[captions.size() * hidden];
    Arrays.fill(bias, Float.NEGATIVE_INFINITY);
    for (int row = 0; row < captions.size(); row++) {
      Embedding embedding = embeddings.get(row);
      int tokens = embedding.tokens().length / hidden;
      int from = row * length;
      System.arraycopy(embedding.padding(), 0, text, from * hidden, hidden);
      bias[from] = (float) Math.log(ChatGlmTokenizer.MAX_LENGTH - tokens);
      System.arraycopy(embedding.tokens(), 0, text, (from + 1) * hidden, tokens * hidden);
      Arrays.fill(bias, from + 1, from + 1 + tokens, 0);
      System.arraycopy(embedding.pooled(), 0, pooled, row * hidden, hidden);
    }
    return new Batch(
        manager.create(text, new Shape(captions.size(), length, hidden)),
        manager.create(bias, new Shape(captions.size(), length)),
        manager.create(pooled, new Shape(captions.size(), hidden)));
  }

  private void encode(NDManager parent, List<String> captions) {
    int length = ChatGlmTokenizer.MAX_LENGTH;
    long[] ids = new long[captions.size() * length];
    long[] mask = new long[ids.length];
    long[] positions = new long[ids.length];
    int[] counts = new int[captions.size()];
    for (int row = 0; row < captions.size(); row++) {
      TokenizedPrompt prompt = tokenizer.encode(captions.get(row));
      System.arraycopy(prompt.inputIds(), 0, ids, row * length, length);
      System.arraycopy(prompt.attentionMask(), 0, mask, row * length, length);
      System.arraycopy(prompt.positionIds(), 0, positions, row * length, length);
      counts[row] = (int) Arrays.stream(prompt.attentionMask()).sum();
    }
    try (NDManager manager = parent.newSubManager();
        Gradients off = Gradients.disable()) {
      Shape shape = new Shape(captions.size(), length);
      ChatGlm.Encoding encoding =
          encoder.encode(
              manager.create(ids, shape),
              manager.create(mask, shape),
              manager.create(positions, shape));
      float[] text = encoding.tokens().toFloatArray();
      float[] pooled = encoding.pooled().toFloatArray();
      for (int row = 0; row < captions.size(); row++) {
        int end = (row + 1) * length * hidden;
        known.put(
            captions.get(row),
            new Embedding(
                Arrays.copyOfRange(text, row * length * hidden, row * length * hidden + hidden),
                Arrays.copyOfRange(text, end - counts[row] * hidden, end),
                Arrays.copyOfRange(pooled, row * hidden, (row + 1) * hidden)));
      }
    }
  }
}
