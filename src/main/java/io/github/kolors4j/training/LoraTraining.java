package io.github.kolors4j.training;

import static io.github.kolors4j.internal.training.TrainingTable.*;

import io.github.kolors4j.pipeline.ModelFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Trains a LoRA for a Kolors, as the course's {@code train_kolors_lora.py} does (DiffSynth-Studio,
 * {@code diffsynth/trainers/text_to_image.py}), under the same names.
 *
 * <pre>{@code
 * LoraRun run =
 *     LoraTraining.on(modelFolder)
 *         .loraRank(16).loraAlpha(4.0)
 *         .dataset(Path.of("data/lora_dataset_processed"))
 *         .maxEpochs(1)
 *         .train();
 * run.checkpoint()
 * }</pre>
 *
 * <p>Only the adapter's matrices are trained. Pictures and captions are encoded once, before the
 * first step; then the autoencoder and, unless it learns, the text encoder leave the memory. A step
 * draws pictures at random (with repetition), a timestep for each, and noise, and compares the
 * noise with the UNet's prediction.
 *
 * <p>Immutable: each method returns a changed copy, and throws an {@link IllegalArgumentException}
 * for a value that is out of range. What shows only beside the model and the data set, {@link
 * #train} finds before it encodes anything.
 */
public final class LoraTraining extends Training<LoraTraining> {
  private static final double USUAL_RATE = 1e-4;

  private LoraTraining(Settings settings) {
    super(settings);
  }

  /**
   * A training with the defaults of the original.
   *
   * @param model which Kolors learns; its own weights stay as they are
   */
  public static LoraTraining on(ModelFolder model) {
    return new LoraTraining(Settings.usual(model, USUAL_RATE));
  }

  /**
   * A training of the model in a folder of the published layout.
   *
   * @throws io.github.kolors4j.WeightsException if there is no such folder
   */
  public static LoraTraining on(Path modelFolder) {
    return on(ModelFolder.of(modelFolder));
  }

  @Override
  LoraTraining with(Settings changed) {
    return new LoraTraining(changed);
  }

  @Override
  AdapterKind kind() {
    return new LoraKind();
  }

  /**
   * Options by the names that they have on the command line and in {@code hparams.yaml}, such as
   * {@code lora_rank}; {@code docs/training.md} has a table of all.
   *
   * @param values as text, or as {@code hparams.yaml} has them
   * @throws IllegalArgumentException naming what is no option
   */
  public LoraTraining options(Map<String, ?> values) {
    return with(settings.options().with(values));
  }

  /** Rows between the two matrices of each layer: 4 if nothing is said; the course takes 16. */
  public LoraTraining loraRank(int rank) {
    return with(LORA_RANK, rank);
  }

  /** The matrices' product counts alpha / rank times: 4 if nothing is said. */
  public LoraTraining loraAlpha(double alpha) {
    return with(LORA_ALPHA, alpha);
  }

  /**
   * Learns each batch with an alpha that is drawn evenly between this and {@link #loraAlpha}. A
   * LoRA that was trained with one alpha only may show little of its style at half of it; so
   * trained, it shows it there, too. Not with {@link #useDora}.
   *
   * @param alpha up to that of {@link #loraAlpha}; 0, if nothing is said, for always that
   */
  public LoraTraining loraAlphaMin(double alpha) {
    return with(LORA_ALPHA_MIN, alpha);
  }

  /**
   * Ends of the names of the linear layers and convolutions that get an adapter: the attention's
   * {@code to_q, to_k, to_v, to_out} if nothing is said. With {@code conv1}, {@code conv2}, {@code
   * conv_shortcut} and {@code conv} the residual blocks and the changes of size learn, too (LoCon).
   */
  public LoraTraining loraTargetModules(List<String> names) {
    return with(LORA_TARGET_MODULES, names);
  }

  /**
   * Trains a length for each row of a weight as well (DoRA, Liu et al. 2024; peft's {@code
   * use_dora}): closer to a full training at low ranks, for some more time.
   */
  public LoraTraining useDora(boolean use) {
    return with(USE_DORA, use);
  }

  /**
   * Trains adapters on the text encoder, too, with the same rank, alpha and rate. It stays in
   * memory then, and encodes captions at every step. Its adapter is written beside each checkpoint
   * ({@link LoraRun#textEncoderCheckpoint()}).
   */
  public LoraTraining trainTextEncoder(boolean train) {
    return with(TRAIN_TEXT_ENCODER, train);
  }

  /**
   * Ends of the names of the text encoder's layers that get an adapter: {@code query_key_value} if
   * nothing is said; {@code dense}, {@code dense_h_to_4h} and {@code dense_4h_to_h} are the others.
   */
  public LoraTraining textEncoderTargetModules(List<String> names) {
    return with(TEXT_ENCODER_TARGET_MODULES, names);
  }

  /**
   * Draws random numbers in the order of the course's trainer (DiffSynth-Studio's of August 2024,
   * on a CPU): for the adapter's start, the order of pictures, mirror images, noise and timesteps.
   * After {@code torch.manual_seed(seed)} before its {@code add_lora_to_model}, that has the same
   * losses. It does not set a seed itself; and on its GPU, noise is another.
   *
   * <p>Needs {@link #centerCrop}, as on the course's command line.
   */
  public LoraTraining asInTheCourse() {
    return asInTheCourse(true);
  }

  /** {@link #asInTheCourse()}, or not. */
  public LoraTraining asInTheCourse(boolean asInTheCourse) {
    return with(AS_IN_THE_COURSE, asInTheCourse);
  }
}
