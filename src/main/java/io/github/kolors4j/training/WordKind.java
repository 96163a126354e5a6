package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.lora.UNetNames;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.ChatGlmConfig;
import io.github.kolors4j.internal.model.ChatGlmTokenizer;
import io.github.kolors4j.internal.model.NewWord;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.internal.training.TrainingOptions;
import io.github.kolors4j.pipeline.ModelFolder;
import java.util.List;
import java.util.Map;

/**
 * Textual inversion: a new word's vectors in front of the text encoder.
 *
 * @param initial the word whose vector they start from
 */
record WordKind(NewWord word, String initial) implements AdapterKind {

  @Override
  public boolean throughTextEncoder(TrainingOptions options) {
    return true;
  }

  /** The names are diffusers' ({@code examples/textual_inversion}). */
  @Override
  public Map<String, Object> hyperparameters(Map<String, Object> options) {
    Map<String, Object> values = LoraKind.withoutItsOwn(options);
    values.put("placeholder_token", word.text());
    values.put("num_vectors", word.tokens());
    values.put("initializer_token", initial);
    return values;
  }

  @Override
  public long requireFit(ModelFolder model, UNetNames names, TrainingOptions options) {
    tokenizer(model).onlyToken(initial);
    return (long) word.tokens() * ChatGlmConfig.read(model.textEncoder()).hiddenSize();
  }

  @Override
  public String ending() {
    return ".safetensors";
  }

  @Override
  public ChatGlmTokenizer tokenizer(ModelFolder model) {
    return ChatGlmTokenizer.load(model.tokenizer())
        .withWords(List.of(word), ChatGlmConfig.read(model.textEncoder()).vocabularySize());
  }

  /** The word stands before captions that do not have it; without a caption nothing does. */
  @Override
  public String caption(String caption) {
    return caption.isEmpty() || caption.contains(word.text())
        ? caption
        : word.text() + "，" + caption;
  }

  @Override
  public TrainedWord make(
      AdaptedNetworks networks, PreparedTraining prepared, TorchRandom random, NDManager manager) {
    ChatGlm encoder = networks.textEncoder().orElseThrow();
    int id = ChatGlmTokenizer.load(prepared.model().tokenizer()).onlyToken(initial);
    try (NDArray vector = encoder.vector(id)) {
      float[] row = vector.toFloatArray();
      float[] rows = new float[word.tokens() * row.length];
      for (int i = 0; i < word.tokens(); i++) {
        System.arraycopy(row, 0, rows, i * row.length, row.length);
      }
      NDArray vectors = manager.create(rows, new Shape(word.tokens(), row.length));
      return new TrainedWord(word, vectors, encoder);
    }
  }
}
