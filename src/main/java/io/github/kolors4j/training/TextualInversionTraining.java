package io.github.kolors4j.training;

import io.github.kolors4j.internal.model.NewWord;
import io.github.kolors4j.pipeline.ModelFolder;
import java.nio.file.Path;

/**
 * Teaches a Kolors a new word (textual inversion, Gal et al. 2022, arXiv:2208.01618; diffusers
 * {@code examples/textual_inversion}): only the word's own vectors learn, and the gradient comes to
 * them through the UNet and the text encoder, which stay as they are.
 *
 * <pre>{@code
 * LoraRun run =
 *     TextualInversionTraining.on(modelFolder)
 *         .word("<ink>").initializedFrom("画").vectors(2)
 *         .dataset(Path.of("data/lora_dataset_processed"))
 *         .train();
 * pipeline.add(TextualInversion.of(run.checkpoint())).generate(Prompt.of("<ink>，一只猫"))
 * }</pre>
 *
 * <p>Captions are trained with the word before them, unless they have it. A checkpoint is a
 * safetensors file, {@code {word: (vectors, hidden)}}, as diffusers writes it; a few kilobytes.
 *
 * <p>Immutable: each method returns a changed copy.
 */
public final class TextualInversionTraining extends Training<TextualInversionTraining> {
  /** As in diffusers' examples. */
  private static final double USUAL_RATE = 5e-4;

  private final WordKind kind;

  private TextualInversionTraining(Settings settings, WordKind kind) {
    super(settings);
    this.kind = kind;
  }

  /**
   * A training of the word {@code <new>}, one vector, from that of 画 (picture).
   *
   * @param model which Kolors learns; its own weights stay as they are
   */
  public static TextualInversionTraining on(ModelFolder model) {
    return new TextualInversionTraining(
        Settings.usual(model, USUAL_RATE), new WordKind(new NewWord("<new>", 1), "画"));
  }

  /**
   * A training of the model in a folder of the published layout.
   *
   * @throws io.github.kolors4j.WeightsException if there is no such folder
   */
  public static TextualInversionTraining on(Path modelFolder) {
    return on(ModelFolder.of(modelFolder));
  }

  @Override
  TextualInversionTraining with(Settings changed) {
    return new TextualInversionTraining(changed, kind);
  }

  @Override
  AdapterKind kind() {
    return kind;
  }

  private TextualInversionTraining with(WordKind other) {
    return new TextualInversionTraining(settings, other);
  }

  /**
   * The new word, as prompts will have it (diffusers' {@code --placeholder_token}). {@link #train}
   * refuses one that the model knows as a word already.
   *
   * @throws io.github.kolors4j.KolorsException if it is empty, too long, or has a space at an end
   */
  public TextualInversionTraining word(String word) {
    return with(new WordKind(new NewWord(word, kind.word().tokens()), kind.initial()));
  }

  /**
   * The word whose vector the new ones start from (diffusers' {@code --initializer_token}). {@link
   * #train} refuses one that is not a single token.
   */
  public TextualInversionTraining initializedFrom(String word) {
    return with(new WordKind(kind.word(), word));
  }

  /**
   * How many vectors the word has (diffusers' {@code --num_vectors}): 1 if nothing is said. In
   * prompts they are {@code word}, {@code word_1} and so on, and the word alone stands for all.
   *
   * @throws io.github.kolors4j.KolorsException if it is less than 1
   */
  public TextualInversionTraining vectors(int count) {
    return with(new WordKind(new NewWord(kind.word().text(), count), kind.initial()));
  }
}
