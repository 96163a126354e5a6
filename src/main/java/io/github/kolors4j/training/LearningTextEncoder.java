package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.TokenizedPrompt;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.pipeline.ModelFolder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A text encoder that learns with the UNet: it stays in memory, and encodes each batch's captions
 * anew.
 *
 * @param prompts the tokens of every caption
 */
record LearningTextEncoder(ChatGlm encoder, Map<String, TokenizedPrompt> prompts)
    implements CaptionEncodings {

  /**
   * Loads the text encoder.
   *
   * @param manager the owner of its weights
   */
  static LearningTextEncoder load(
      Set<String> captions, ModelFolder model, TrainingObserver observer, NDManager manager) {
    Map<String, TokenizedPrompt> prompts = CachedCaptions.tokenize(captions, model, observer);
    return new LearningTextEncoder(ChatGlm.load(model.textEncoder(), manager), prompts);
  }

  @Override
  public Optional<ChatGlm> learning() {
    return Optional.of(encoder);
  }

  @Override
  public DenoisingLoss.Text of(List<String> captions, NDArray sizes, NDManager owner) {
    List<TokenizedPrompt> batch = captions.stream().map(prompts::get).toList();
    int padding = CachedCaptions.padding(prompts);
    return (checkpointing, scope) -> {
      ChatGlm.Encoding encoding =
          encoder.encode(
              rows(batch, TokenizedPrompt::inputIds, scope),
              rows(batch, TokenizedPrompt::attentionMask, scope),
              rows(batch, TokenizedPrompt::positionIds, scope),
              checkpointing);
      return new UNet.Conditioning(encoding.tokens(), encoding.pooled(), sizes)
          .withoutPadding(padding, checkpointing);
    };
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
}
