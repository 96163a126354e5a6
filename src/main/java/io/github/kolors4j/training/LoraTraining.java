package io.github.kolors4j.training;

import static io.github.kolors4j.internal.training.TrainingTable.*;

import ai.djl.ndarray.NDManager;
import io.github.kolors4j.StoppedException;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.training.TrainingOption;
import io.github.kolors4j.internal.training.TrainingOptions;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

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
public final class LoraTraining {
  private final ModelFolder model;
  private final TrainingOptions options;
  private final SamplePictures.Wanted samples;
  private final Optional<Path> resumedRun;
  private final TrainingObserver observer;

  private LoraTraining(
      ModelFolder model,
      TrainingOptions options,
      SamplePictures.Wanted samples,
      Optional<Path> resumedRun,
      TrainingObserver observer) {
    this.model = model;
    this.options = options;
    this.samples = samples;
    this.resumedRun = resumedRun;
    this.observer = observer;
  }

  /**
   * A training with the defaults of the original.
   *
   * @param model which Kolors learns; its own weights stay as they are
   */
  public static LoraTraining on(ModelFolder model) {
    return new LoraTraining(
        model,
        TrainingOptions.USUAL,
        SamplePictures.Wanted.NONE,
        Optional.empty(),
        TrainingObserver.NOBODY);
  }

  /**
   * A training of the model in a folder of the published layout.
   *
   * @throws io.github.kolors4j.WeightsException if there is no such folder
   */
  public static LoraTraining on(Path modelFolder) {
    return on(ModelFolder.of(modelFolder));
  }

  private <T> LoraTraining with(TrainingOption<T> option, T value) {
    return with(options.with(option, value));
  }

  private LoraTraining with(TrainingOptions changed) {
    return new LoraTraining(model, changed.checked(), samples, resumedRun, observer);
  }

  private LoraTraining with(SamplePictures.Wanted wanted) {
    return new LoraTraining(model, options, wanted, resumedRun, observer);
  }

  private LoraTraining with(TrainingObserver other) {
    return new LoraTraining(model, options, samples, resumedRun, other);
  }

  /**
   * Options by the names that they have on the command line and in {@code hparams.yaml}, such as
   * {@code lora_rank}; {@code docs/training.md} has a table of all.
   *
   * @param values as text, or as {@code hparams.yaml} has them
   * @throws IllegalArgumentException naming what is no option
   */
  public LoraTraining options(Map<String, ?> values) {
    return with(options.with(values));
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
   * Ends of the names of the linear layers that get an adapter: the attention's {@code to_q, to_k,
   * to_v, to_out} if nothing is said.
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
   * The folder with the pictures in {@code train} and {@code metadata.csv} (file_name, text), or
   * with a {@code metadata.jsonl}, or pictures with their captions in {@code .txt} or {@code
   * .caption} files beside them. How many pictures have no caption is a notice; if none has one,
   * {@link #train} refuses.
   */
  public LoraTraining dataset(Path folder) {
    return with(DATASET_PATH, folder);
  }

  /**
   * Where {@code metadata.csv} or {@code metadata.jsonl} has the captions (diffusers' {@code
   * --caption_column}): {@code text} if nothing is said.
   */
  public LoraTraining captionColumn(String name) {
    return with(CAPTION_COLUMN, name);
  }

  /**
   * The ending of the files of captions beside pictures (sd-scripts' {@code --caption_extension}):
   * {@code .txt}, or else {@code .caption}, if nothing is said.
   */
  public LoraTraining captionExtension(String ending) {
    return with(CAPTION_EXTENSION, ending);
  }

  /**
   * The encoding of captions, such as {@code GBK}: UTF-8 if nothing is said, and where a byte order
   * mark says so UTF-16.
   *
   * @throws io.github.kolors4j.dataset.DatasetException if there is none of that name
   */
  public LoraTraining captionEncoding(String name) {
    return with(CAPTION_ENCODING, name);
  }

  /** Where {@code lightning_logs/version_N} is made: {@code models} if nothing is said. */
  public LoraTraining outputPath(Path folder) {
    return with(OUTPUT_PATH, folder);
  }

  /** How many epochs; there is a checkpoint after each. 1 if nothing is said. */
  public LoraTraining maxEpochs(long epochs) {
    return with(MAX_EPOCHS, epochs);
  }

  /** Batches of an epoch, whatever the number of pictures: 500 if nothing is said. */
  public LoraTraining stepsPerEpoch(long steps) {
    return with(STEPS_PER_EPOCH, steps);
  }

  /** Pictures of a batch: 1 if nothing is said. */
  public LoraTraining batchSize(int pictures) {
    return with(BATCH_SIZE, pictures);
  }

  /** Batches whose gradients make one step of the optimizer: 1 if nothing is said. */
  public LoraTraining accumulateGradBatches(int batches) {
    return with(ACCUMULATE_GRAD_BATCHES, batches);
  }

  /** Height of the pictures in training; if nothing is said, what the model was made for. */
  public LoraTraining height(int pixels) {
    return with(HEIGHT, pixels);
  }

  /** Width of the pictures in training; if nothing is said, what the model was made for. */
  public LoraTraining width(int pixels) {
    return with(WIDTH, pixels);
  }

  /**
   * Cuts the middle out of a picture that has not the training's shape. If not, crops at random
   * places are cut: {@value PictureTransforms#RANDOM_CROPS} a picture, drawn and encoded once,
   * where the original draws a new one each time.
   */
  public LoraTraining centerCrop(boolean centerCrop) {
    return with(CENTER_CROP, centerCrop);
  }

  /** Mirrors every other picture, at random. */
  public LoraTraining randomFlip(boolean randomFlip) {
    return with(RANDOM_FLIP, randomFlip);
  }

  /**
   * Trains each picture in a size of its own shape: one of several of at most the training's area,
   * whose sides are multiples of {@code bucketResoSteps} (sd-scripts' {@code --enable_bucket}). A
   * batch is of one size.
   */
  public LoraTraining enableBucket(boolean enable) {
    return with(ENABLE_BUCKET, enable);
  }

  /** The shortest side of a bucket in pixels: a quarter of the training size if nothing is said. */
  public LoraTraining minBucketReso(int pixels) {
    return with(MIN_BUCKET_RESO, pixels);
  }

  /** The longest side of a bucket in pixels: twice the training size if nothing is said. */
  public LoraTraining maxBucketReso(int pixels) {
    return with(MAX_BUCKET_RESO, pixels);
  }

  /** Of which a bucket's sides are multiples, in pixels: 64 at 1024² if nothing is said. */
  public LoraTraining bucketResoSteps(int pixels) {
    return with(BUCKET_RESO_STEPS, pixels);
  }

  /**
   * Which optimizer learns.
   *
   * @param name {@code AdamW} (if nothing is said), {@code AdamW8bit} (a quarter of its memory) or
   *     {@code Prodigy} (finds the learning rate itself)
   */
  public LoraTraining optimizer(String name) {
    return with(OPTIMIZER, name);
  }

  /**
   * The learning rate, the schedule's highest: 1e-4 if nothing is said. Prodigy multiplies the one
   * that it finds with this: 1 if nothing is said.
   */
  public LoraTraining learningRate(double rate) {
    return with(LEARNING_RATE, rate);
  }

  /**
   * How the learning rate changes.
   *
   * @param name {@code constant} (if nothing is said), {@code linear} or {@code cosine}
   */
  public LoraTraining lrScheduler(String name) {
    return with(LR_SCHEDULER, name);
  }

  /** Steps in which the learning rate rises from 0: none if nothing is said. */
  public LoraTraining lrWarmupSteps(long steps) {
    return with(LR_WARMUP_STEPS, steps);
  }

  /** The optimizer's weight decay: 0.01, torch's, if nothing is said. */
  public LoraTraining weightDecay(double decay) {
    return with(WEIGHT_DECAY, decay);
  }

  /** Scales gradients down whose norm, all together, is above a limit. */
  public LoraTraining gradientClipNorm(double limit) {
    return with(GRADIENT_CLIP_NORM, limit);
  }

  /** The share of captions replaced by the empty one, for guidance without a prompt. */
  public LoraTraining captionDropout(double share) {
    return with(CAPTION_DROPOUT, share);
  }

  /**
   * Trains captions with their parts in different orders (sd-scripts' {@code --shuffle_caption}):
   * up to {@value CaptionShuffle#ORDERS} orders a caption, drawn and encoded once.
   */
  public LoraTraining shuffleCaption(boolean shuffle) {
    return with(SHUFFLE_CAPTION, shuffle);
  }

  /** How many parts stay at a caption's start when it is shuffled: none if nothing is said. */
  public LoraTraining keepTokens(int parts) {
    return with(KEEP_TOKENS, parts);
  }

  /** What stands between a caption's parts: a comma if nothing is said; often ， in Chinese. */
  public LoraTraining captionSeparator(String separator) {
    return with(CAPTION_SEPARATOR, separator);
  }

  /**
   * Makes the noise of each channel lighter or darker as a whole, so that very dark and very light
   * pictures can be learned (diffusers' {@code --noise_offset}): none if nothing is said, otherwise
   * usually 0.05 to 0.1.
   */
  public LoraTraining noiseOffset(double offset) {
    return with(NOISE_OFFSET, offset);
  }

  /**
   * Keeps a moving average of the adapter (diffusers' {@code EMAModel}), which checkpoints,
   * validation and sample pictures are then made with.
   *
   * @param decay the share of the average that stays at each step: usually 0.99 to 0.9999; 0 for no
   *     average
   */
  public LoraTraining emaDecay(double decay) {
    return with(EMA_DECAY, decay);
  }

  /** Computes activations twice instead of keeping them: less memory, a third more time. */
  public LoraTraining useGradientCheckpointing(boolean use) {
    return with(USE_GRADIENT_CHECKPOINTING, use);
  }

  /** How much each timestep's loss counts: all the same if nothing is said. */
  public LoraTraining lossWeighting(LossWeighting weighting) {
    return with(LOSS_WEIGHTING, weighting.toString());
  }

  /**
   * {@code 32}, {@code 16}, {@code 16-mixed}, {@code bf16} or {@code bf16-mixed}, as the original
   * has them. All but the first compute the network in 16 bits and keep the adapter, its gradients
   * and the loss in float32. On a GPU {@code 16} is float16, and the loss is scaled so that
   * gradients do not vanish: a step whose gradients overflow is skipped, as torch's {@code
   * GradScaler} does. On a CPU it is bfloat16, as in Lightning, which needs no scaling: half the
   * time, and losses that differ in the third digit.
   */
  public LoraTraining precision(String precision) {
    return with(PRECISION, precision);
  }

  /** Two trainings with the same seed and settings are the same: 0 if nothing is said. */
  public LoraTraining seed(long seed) {
    return with(SEED, seed);
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

  /**
   * Computes the loss on pictures that are not trained on, always with the same noise and
   * timesteps: before the first step, every so many steps, and after the last.
   *
   * @param everySteps 0 for never, if nothing is said
   * @param pictures how many are held back, drawn with the seed
   */
  public LoraTraining validation(long everySteps, int pictures) {
    return with(options.with(VALIDATE_EVERY, everySteps).with(HELD_BACK, pictures));
  }

  /**
   * Makes a picture before the first step and every so many, which the listener gets.
   *
   * @param painter makes a picture with the UNet, to which the adapter is attached as it is then
   */
  public LoraTraining samplePicture(long everySteps, Function<UNet, BufferedImage> painter) {
    return with(new SamplePictures.Wanted(everySteps, painter, null));
  }

  /**
   * Makes a picture of a prompt before the first step and every so many, which the listener gets. A
   * whole pipeline is in memory for it besides the UNet that learns.
   */
  public LoraTraining samplePicture(long everySteps, Prompt prompt) {
    return with(new SamplePictures.Wanted(everySteps, null, prompt));
  }

  /**
   * Writes checkpoint and state every so many steps, besides those after each epoch: every 100 if
   * nothing is said; 0 for none.
   */
  public LoraTraining checkpointEvery(long steps) {
    return with(CHECKPOINT_EVERY, steps);
  }

  /**
   * Goes on with the newest run in the output folder if it was interrupted and has the same
   * settings; otherwise begins a new one. The losses are the same, bit for bit, as without the
   * interruption.
   */
  public LoraTraining resume(boolean resume) {
    return with(RESUME, resume);
  }

  /**
   * Goes on with a certain run.
   *
   * @param versionFolder a folder {@code lightning_logs/version_N}
   */
  public LoraTraining resume(Path versionFolder) {
    return new LoraTraining(model, options, samples, Optional.of(versionFolder), observer);
  }

  /**
   * Asked after every step whether to stop. A stopped training saves its state and returns as if it
   * were finished; so does one whose thread is interrupted. Before the first step it ends with a
   * {@link StoppedException}.
   */
  public LoraTraining stopWhen(BooleanSupplier stop) {
    return with(new TrainingObserver(observer.listener(), stop));
  }

  /** Who hears of steps, losses, sample pictures and notices. */
  public LoraTraining listener(TrainingListener listener) {
    return with(new TrainingObserver(listener, observer.stopWhen()));
  }

  /** The settings, a line each, as {@code hparams.yaml} has them. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("LoraTraining:");
    options
        .hyperparameters(model.toString())
        .forEach((name, value) -> text.append("\n  ").append(name).append(": ").append(value));
    return text.toString();
  }

  /**
   * Trains.
   *
   * @throws IllegalArgumentException if a setting makes no sense
   * @throws TrainingException if the output folder cannot be written, no picture can be used, a
   *     target names no layer, the loss is no number any more, or a run cannot be resumed
   * @throws io.github.kolors4j.dataset.DatasetException if the data set cannot be loaded
   * @throws io.github.kolors4j.WeightsException if the model cannot be loaded
   */
  public LoraRun train() {
    options.requireComplete();
    try (Work work = Work.begin("训练 (training)", "steps", options.updates());
        PreparedTraining prepared =
            PreparedTraining.of(model, options, samples, resumedRun, observer);
        NDManager manager = NDManager.newBaseManager();
        TrainingSession session = new TrainingSession(prepared, samples, observer, manager)) {
      return new TrainingLoop(session, observer, work).run();
    }
  }
}
