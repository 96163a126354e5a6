package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.internal.lora.WordFile;
import io.github.kolors4j.internal.lora.WordVectors;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.NewWord;
import io.github.kolors4j.lora.TextualInversion;
import io.github.kolors4j.pipeline.KolorsPipeline;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * The new word of one training. Its vectors are an array of their own, behind the text encoder's
 * table: so no other row has a gradient, or can change.
 *
 * @param vectors (tokens, hidden)
 */
record TrainedWord(NewWord word, NDArray vectors, ChatGlm encoder) implements Adapter {
  private static final String NAME = "vectors";

  @Override
  public Map<String, NDArray> parameters() {
    return Map.of(NAME, vectors);
  }

  @Override
  public TrainedWord with(Map<String, NDArray> values) {
    return new TrainedWord(word, Objects.requireNonNull(values.get(NAME)), encoder);
  }

  @Override
  public void attach() {
    encoder.setNewTokens(vectors);
  }

  @Override
  public void detach() {
    encoder.setNewTokens(null);
  }

  @Override
  public void write(Path checkpoint, long step) {
    WordFile.write(checkpoint, asWord());
  }

  @Override
  public void addTo(KolorsPipeline pipeline) {
    pipeline.add(TextualInversion.of(asWord()));
  }

  private WordVectors asWord() {
    return new WordVectors(word.text(), vectors);
  }
}
