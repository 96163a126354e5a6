package io.github.kolors4j.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.lora.WordVectors;
import io.github.kolors4j.internal.model.ChatGlmConfig;
import io.github.kolors4j.internal.model.ChatGlmTokenizer;
import io.github.kolors4j.internal.model.NewWord;
import io.github.kolors4j.lora.LoraException;
import io.github.kolors4j.lora.TextualInversion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The new words of a pipeline: a tokenizer that knows them, and their vectors one after another.
 */
final class AddedWords {
  private final ChatGlmTokenizer vocabulary;
  private final ChatGlmConfig encoder;
  private final NDManager manager;
  private final List<NewWord> words = new ArrayList<>();
  private ChatGlmTokenizer tokenizer;

  /** Null without words. */
  private @Nullable NDArray vectors;

  /**
   * @param vocabulary the model's tokenizer
   * @param manager the owner of the vectors
   */
  AddedWords(ChatGlmTokenizer vocabulary, ChatGlmConfig encoder, NDManager manager) {
    this.vocabulary = vocabulary;
    this.encoder = encoder;
    this.manager = manager;
    tokenizer = vocabulary;
  }

  ChatGlmTokenizer tokenizer() {
    return tokenizer;
  }

  /**
   * The vectors of all new tokens (tokens, hidden), in the order of their ids; null without any.
   */
  @Nullable NDArray vectors() {
    return vectors;
  }

  /** Adds a word, whose vectors are copied; if it does not fit, nothing has changed. */
  void add(TextualInversion inversion) {
    try (NDManager scope = manager.newSubManager()) {
      WordVectors word = inversion.read(scope);
      long width = word.vectors().getShape().get(1);
      if (width != encoder.hiddenSize()) {
        throw new LoraException(
            "%s: the vectors of '%s' have %d numbers, but this text encoder's have %d: the word was trained for another model."
                .formatted(inversion, word.word(), width, encoder.hiddenSize()));
      }
      List<NewWord> all = new ArrayList<>(words);
      all.add(word.newWord());
      ChatGlmTokenizer knowing = vocabulary.withWords(all, encoder.vocabularySize());
      NDArray together =
          vectors == null
              ? word.vectors().duplicate()
              : NDArrays.concat(new NDList(vectors, word.vectors()), 0);
      together.attach(manager);
      clear();
      vectors = together;
      tokenizer = knowing;
      words.addAll(all);
    }
  }

  /** Forgets all words. */
  void clear() {
    if (vectors != null) {
      vectors.close();
      vectors = null;
    }
    words.clear();
    tokenizer = vocabulary;
  }

  /** Each word, for the pictures' text. */
  List<String> texts() {
    return words.stream().map(word -> "word " + word.text()).toList();
  }
}
