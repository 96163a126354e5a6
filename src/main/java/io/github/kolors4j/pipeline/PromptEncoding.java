package io.github.kolors4j.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.ChatGlmTokenizer;
import io.github.kolors4j.internal.model.TokenizedPrompt;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** From a prompt's texts to embeddings (diffusers {@code pipeline_kolors.py}, encode_prompt). */
final class PromptEncoding {
  private static final int LENGTH = ChatGlmTokenizer.MAX_LENGTH;

  private final AddedWords words;
  private final Networks networks;
  private final Precision precision;
  private final NDManager manager;

  /** Empty where the text encoder stays in memory: encoding again is quick then. */
  private final Optional<EncodedPrompts> known;

  /**
   * @param words whose tokenizer is used
   * @param precision what the text encoder computes with
   * @param inTurn whether it leaves memory after each use, so that its results are kept
   * @param manager the owner of embeddings
   */
  PromptEncoding(
      AddedWords words, Networks networks, Precision precision, boolean inTurn, NDManager manager) {
    this.words = words;
    this.networks = networks;
    this.precision = precision;
    this.manager = manager;
    known = inTurn ? Optional.of(new EncodedPrompts(manager)) : Optional.empty();
  }

  /** The embeddings of a prompt's texts, the caller's own to close. */
  PromptEmbeddings encode(Prompt prompt) {
    return known
        .map(prompts -> prompts.getOrEncode(prompt, this::encodeAnew))
        .orElseGet(() -> encodeAnew(prompt));
  }

  /** Lets the next prompts be encoded anew: the text encoder has changed. */
  void forget() {
    known.ifPresent(EncodedPrompts::close);
  }

  /** Encodes the text, and with guidance the negative text before it. */
  private PromptEmbeddings encodeAnew(Prompt prompt) {
    List<String> texts = new ArrayList<>();
    if (prompt.guided()) {
      texts.add(prompt.negative() == null ? "" : prompt.negative());
    }
    texts.add(prompt.text());
    long[][] rows = new long[3][texts.size() * LENGTH];
    List<String> warnings = new ArrayList<>();
    int padding = LENGTH;
    for (int i = 0; i < texts.size(); i++) {
      TokenizedPrompt tokens = words.tokenizer().encode(texts.get(i));
      System.arraycopy(tokens.inputIds(), 0, rows[0], i * LENGTH, LENGTH);
      System.arraycopy(tokens.attentionMask(), 0, rows[1], i * LENGTH, LENGTH);
      System.arraycopy(tokens.positionIds(), 0, rows[2], i * LENGTH, LENGTH);
      padding = Math.min(padding, LENGTH - tokens.length());
      if (tokens.truncated()) {
        warnings.add(
            "The %s is longer than %d tokens; this end of it was left out: %s"
                .formatted(
                    i < texts.size() - 1 ? "negative prompt" : "prompt",
                    LENGTH,
                    tokens.droppedText()));
      }
    }
    Shape shape = new Shape(texts.size(), LENGTH);
    try (NDManager scope = manager.newSubManager();
        Gradients off = Gradients.disable()) {
      NDArray ids = scope.create(rows[0], shape);
      NDArray mask = scope.create(rows[1], shape);
      NDArray positions = scope.create(rows[2], shape);
      ChatGlm encoder = networks.textEncoder();
      ChatGlm.Encoding encoding =
          precision.orFloat32(
              p -> encoder.encode(ids, mask, positions, p),
              ChatGlm.Encoding::tokens,
              "in the text encoder, which computes again in fp32.");
      encoding.tokens().attach(manager);
      encoding.pooled().attach(manager);
      return new PromptEmbeddings(encoding.tokens(), encoding.pooled(), padding, warnings);
    }
  }
}
