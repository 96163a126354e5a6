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
import java.util.Set;

/**
 * Captions that were encoded once, before the first step. Those that occur several times are
 * encoded once.
 *
 * @param encodings by caption
 * @param padding how many tokens at the start of every caption are padding, one and the same vector
 */
record CachedCaptions(Map<String, ChatGlm.Encoding> encodings, int padding)
    implements CaptionEncodings {

  /**
   * Encodes captions; the text encoder is in memory only meanwhile.
   *
   * @param loading how it is held
   * @param manager the owner of the result
   */
  static CachedCaptions encode(
      Set<String> captions,
      ModelFolder model,
      LoadOptions loading,
      TrainingObserver observer,
      NDManager manager) {
    Map<String, TokenizedPrompt> prompts = tokenize(captions, model, observer);
    Map<String, ChatGlm.Encoding> encodings = new LinkedHashMap<>();
    try (Work work = observer.preparing("编码说明 (encoding captions)", "captions", captions.size());
        NDManager parent = manager.newSubManager();
        ChatGlm encoder = ChatGlm.load(model.textEncoder(), parent, loading)) {
      prompts.forEach(
          (caption, prompt) -> {
            Work.check();
            try (NDManager scope = parent.newSubManager()) {
              ChatGlm.Encoding encoding =
                  encoder.encode(
                      row(prompt.inputIds(), scope),
                      row(prompt.attentionMask(), scope),
                      row(prompt.positionIds(), scope));
              encoding.tokens().attach(manager);
              encoding.pooled().attach(manager);
              encodings.put(caption, encoding);
            }
            observer.listener().preparing("captions", encodings.size(), captions.size());
            work.advance();
          });
    }
    return new CachedCaptions(encodings, padding(prompts));
  }

  /** The tokens of captions, with a notice of those that are too long. */
  static Map<String, TokenizedPrompt> tokenize(
      Set<String> captions, ModelFolder model, TrainingObserver observer) {
    ChatGlmTokenizer tokenizer = ChatGlmTokenizer.load(model.tokenizer());
    Map<String, TokenizedPrompt> prompts = new LinkedHashMap<>();
    for (String caption : captions) {
      TokenizedPrompt prompt = tokenizer.encode(caption);
      if (prompt.truncated()) {
        observer.notice("A caption is too long and was cut: " + caption);
      }
      prompts.put(caption, prompt);
    }
    return prompts;
  }

  /** How many tokens at the start of all captions are padding. */
  static int padding(Map<String, TokenizedPrompt> prompts) {
    int longest = prompts.values().stream().mapToInt(TokenizedPrompt::length).max().orElse(0);
    return ChatGlmTokenizer.MAX_LENGTH - longest;
  }

  private static NDArray row(long[] values, NDManager manager) {
    return manager.create(values, new Shape(1, values.length));
  }

  @Override
  public DenoisingLoss.Text of(List<String> captions, NDArray sizes, NDManager owner) {
    NDList tokens = new NDList();
    NDList pooled = new NDList();
    for (String caption : captions) {
      ChatGlm.Encoding encoding = encodings.get(caption);
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
