package io.github.kolors4j.lora;

import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.lora.WordFile;
import io.github.kolors4j.internal.lora.WordVectors;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A new word for prompts, learned by textual inversion (Gal et al. 2022, arXiv:2208.01618): one or
 * more vectors in the text encoder's table, all else as it was. Immutable.
 *
 * <pre>{@code
 * pipeline.add(TextualInversion.of(Path.of("ink.safetensors")));
 * pipeline.generate(Prompt.of("<ink>，一只猫"));
 * }</pre>
 */
public final class TextualInversion {

  /** Where the vectors come from. */
  @FunctionalInterface
  private interface Source {
    WordVectors read(NDManager manager);
  }

  private final Source source;

  /** What the word is to be called; null for what the file says. */
  private final @Nullable String word;

  private final String from;

  private TextualInversion(Source source, @Nullable String word, String from) {
    this.source = source;
    this.word = word;
    this.from = from;
  }

  /**
   * A word in a file, which is read when it is added to a model.
   *
   * @param file diffusers' {@code {word: vectors}} or the Stable Diffusion web UI's {@code
   *     emb_params}, in a {@code .safetensors} file, or its {@code .pt} file
   */
  public static TextualInversion of(Path file) {
    return new TextualInversion(manager -> WordFile.read(file, manager), null, file.toString());
  }

  /**
   * A word in memory, such as one that is being trained. Its vectors stay the caller's, and must
   * live as long as it is added to a pipeline.
   */
  public static TextualInversion of(WordVectors word) {
    return new TextualInversion(manager -> word, null, "The word " + word.word());
  }

  /** Gives the word another name than its file does. */
  public TextualInversion word(String other) {
    return new TextualInversion(source, other, from);
  }

  /**
   * Reads it.
   *
   * @param manager the owner of the vectors; those in memory stay where they are
   * @throws LoraException if it is no word of one text encoder
   * @throws io.github.kolors4j.WeightsException if the file cannot be read
   */
  public WordVectors read(NDManager manager) {
    WordVectors read = source.read(manager);
    return word == null ? read : new WordVectors(word, read.vectors());
  }

  /** Where it is from, for messages. */
  @Override
  public String toString() {
    return from;
  }
}
