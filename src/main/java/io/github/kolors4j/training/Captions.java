package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.ChatGlmTokenizer;
import io.github.kolors4j.internal.model.TokenizedPrompt;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.weights.LoadOptions;
import io.github.kolors4j.pipeline.ModelFolder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The captions of a training as the UNet is conditioned on them: encoded once, before the first
 * step, by a text encoder that leaves the memory then; or anew for each batch, by one that stays
 * and learns with the UNet.
 *
 * @param prompts the tokens of every caption
 * @param encodings of every caption, if they are encoded once
 * @param learning the text encoder, if it learns
 */
record Captions(
    Map<String, TokenizedPrompt> prompts,
    Map<String, ChatGlm.Encoding> encodings,
    Optional<ChatGlm> learning) {

  /**
   * The texts of a training.
   *
   * @param captions of the data set
   * @param wording what each is trained as
   */
  record Words(Set<String> captions, UnaryOperator<String> wording, ChatGlmTokenizer tokenizer) {

    /** The tokens by caption, with a notice of those that are too long. */
    Map<String, TokenizedPrompt> tokenize(TrainingObserver observer) {
      Map<String, TokenizedPrompt> prompts = new LinkedHashMap<>();
      for (String caption : captions) {
        TokenizedPrompt prompt = tokenizer.encode(wording.apply(caption));
        if (prompt.truncated()) {
          observer.notice("A caption is too long and was cut: " + caption);
        }
        prompts.put(caption, prompt);
      }
      return prompts;
    }
  }

  /**
   * Encodes captions; the text encoder is in memory only meanwhile.
   *
   * @param loading how it is held
   * @param manager the owner of the result
   */
  static Captions encode(
      Words words,
      ModelFolder model,
      LoadOptions loading,
      TrainingObserver observer,
      NDManager manager) {
    Map<String, TokenizedPrompt> prompts = words.tokenize(observer);
    Map<String, ChatGlm.Encoding> encodings = new LinkedHashMap<>();
    try (Work work = observer.preparing("编码说明 (encoding captions)", "captions", prompts.size());
        NDManager parent = manager.newSubManager();
        ChatGlm encoder = ChatGlm.load(model.textEncoder(), parent, loading)) {
      prompts.forEach(
          (caption, prompt) -> {
            Work.check();
            try (NDManager scope = parent.newSubManager()) {
              List<TokenizedPrompt> alone = List.of(prompt);
              ChatGlm.Encoding encoding =
                  encoder.encode(
                      rows(alone, TokenizedPrompt::inputIds, scope),
                      rows(alone, TokenizedPrompt::attentionMask, scope),
                      rows(alone, TokenizedPrompt::positionIds, scope));
              encoding.tokens().attach(manager);
              encoding.pooled().attach(manager);
              encodings.put(caption, encoding);
            }
            observer.listener().preparing("captions", encodings.size(), prompts.size());
            work.advance();
          });
    }
    return new Captions(prompts, encodings, Optional.empty());
  }

  /**
   * Loads a text encoder that learns, or that a backward pass goes through.
   *
   * @param manager the owner of its weights
   */
  static Captions learning(
      Words words,
      ModelFolder model,
      LoadOptions loading,
      TrainingObserver observer,
      NDManager manager) {
    Map<String, TokenizedPrompt> prompts = words.tokenize(observer);
    ChatGlm encoder = ChatGlm.load(model.textEncoder(), manager, loading);
    return new Captions(prompts, Map.of(), Optional.of(encoder));
  }

  private static NDArray rows(
      List<TokenizedPrompt> prompts, Function<TokenizedPrompt, long[]> row, NDManager scope) {
    int length = row.apply(prompts.get(0)).length;
    long[] values = new long[prompts.size() * length];
    for (int i = 0; i < prompts.size(); i++) {
      System.arraycopy(row.apply(prompts.get(i)), 0, values, i * length, length);
    }
    return scope.create(values, new Shape(prompts.size(), length));
  }

  /** How many tokens at the start of every caption are padding, one and the same vector. */
  private int padding() {
    int longest = prompts.values().stream().mapToInt(TokenizedPrompt::length).max().orElse(0);
    return ChatGlmTokenizer.MAX_LENGTH - longest;
  }

  /**
   * The captions of one batch.
   *
   * @param batch one a picture
   * @param sizes (batch, 6), as in {@link UNet.Conditioning}
   * @param owner of the batch's arrays
   */
  DenoisingLoss.Text of(List<String> batch, NDArray sizes, NDManager owner) {
    int padding = padding();
    if (learning.isPresent()) {
      List<TokenizedPrompt> tokens = batch.stream().map(prompts::get).toList();
      return (checkpointing, scope) -> {
        ChatGlm.Encoding encoding =
            learning
                .get()
                .encode(
                    rows(tokens, TokenizedPrompt::inputIds, scope),
                    rows(tokens, TokenizedPrompt::attentionMask, scope),
                    rows(tokens, TokenizedPrompt::positionIds, scope),
                    checkpointing);
        return new UNet.Conditioning(encoding.tokens(), encoding.pooled(), sizes)
            .withoutPadding(padding, checkpointing);
      };
    }
    NDList tokens = new NDList();
    NDList pooled = new NDList();
    for (String caption : batch) {
      ChatGlm.Encoding encoding = Objects.requireNonNull(encodings.get(caption), caption);
      tokens.add(encoding.tokens());
      pooled.add(encoding.pooled());
    }
    UNet.Conditioning conditioning =
        new UNet.Conditioning(together(tokens, owner), together(pooled, owner), sizes)
            .withoutPadding(padding);
    return (checkpointing, scope) -> conditioning;
  }

  private static NDArray together(NDList rows, NDManager owner) {
    NDArray batch = NDArrays.concat(rows, 0);
    batch.attach(owner);
    return batch;
  }
}
