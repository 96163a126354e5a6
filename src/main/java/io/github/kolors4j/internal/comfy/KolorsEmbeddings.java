package io.github.kolors4j.internal.comfy;

import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.Prompt;
import io.github.kolors4j.pipeline.PromptEmbeddings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code KOLORS_EMBEDS} is: texts for a batch of pictures, encoded once for each kind of
 * guidance. Closing it frees what was encoded.
 */
public final class KolorsEmbeddings implements AutoCloseable {
  /** Only whether it is above 1 counts here. */
  private static final double GUIDED = 5;

  private final TextModel model;
  private final List<String> texts;
  private final String negative;

  /** What was encoded, by text and guidance. */
  private final Map<Key, PromptEmbeddings> encoded = new HashMap<>();

  private record Key(String text, boolean guided) {}

  /**
   * @param texts one for each picture of the batch
   * @param negative what not to draw, the same for all
   */
  public KolorsEmbeddings(TextModel model, List<String> texts, String negative) {
    this.model = model;
    this.texts = List.copyOf(texts);
    this.negative = negative;
  }

  /** How many pictures these are for. */
  public int batch() {
    return texts.size();
  }

  /** The text of a picture. */
  public String text(int index) {
    return texts.get(index);
  }

  /** How a prompt with these texts begins. */
  Prompt prompt(int index) {
    return Prompt.of(text(index)).negative(negative);
  }

  /**
   * The embeddings of a picture's text, and with guidance of the negative text before it; they stay
   * this object's.
   *
   * @param models where the text encoder is, if it is needed
   */
  public synchronized PromptEmbeddings at(int index, boolean guided, ModelShelf models) {
    return encoded.computeIfAbsent(
        new Key(text(index), guided),
        key -> {
          KolorsPipeline pipeline = models.text(model);
          return models.kept(pipeline.encodePrompt(prompt(index).cfgScale(guided ? GUIDED : 1)));
        });
  }

  /** About how much memory it may hold, in bytes: 256 tokens of Kolors for each text, twice. */
  long bytes() {
    return texts.stream().distinct().count() * 2 * 256 * 4096 * Float.BYTES;
  }

  @Override
  public synchronized void close() {
    encoded.values().forEach(PromptEmbeddings::close);
    encoded.clear();
  }
}
