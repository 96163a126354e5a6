package io.github.kolors4j.training;

import static io.github.kolors4j.internal.training.TrainingTable.*;

import ai.djl.ndarray.NDManager;
import io.github.kolors4j.StoppedException;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.tensor.PyTorch;
import io.github.kolors4j.internal.training.TrainingOption;
import io.github.kolors4j.internal.training.TrainingOptions;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What all trainings of an adapter have in common: data set, steps, optimizer, validation, sample
 * pictures, checkpoints, and how one is stopped and resumed.
 *
 * <p>Only the adapter is trained. Pictures and captions are encoded once, before the first step;
 * then the autoencoder and, unless the backward pass goes through it, the text encoder leave the
 * memory. A step draws pictures at random (with repetition), a timestep for each, and noise, and
 * compares the noise with the UNet's prediction.
 *
 * <p>Immutable: each method returns a changed copy, and throws an {@link IllegalArgumentException}
 * for a value that is out of range. What shows only beside the model and the data set, {@link
 * #train} finds before it encodes anything.
 *
 * @param <T> the training itself
 */
abstract class Training<T extends Training<T>> {

  /**
   * All that was asked for.
   *
   * @param resumedRun the folder of the run to go on with, if a certain one
   */
  record Settings(
      ModelFolder model,
      TrainingOptions options,
      SamplePictures.Wanted samples,
      Optional<Path> resumedRun,
      TrainingObserver observer) {

    /**
     * @param usualRate the learning rate if nothing is said
     */
    static Settings usual(ModelFolder model, double usualRate) {
      return new Settings(
          model,
          TrainingOptions.usual(usualRate),
          SamplePictures.Wanted.NONE,
          Optional.empty(),
          TrainingObserver.NOBODY);
    }

    Map<String, Object> hyperparameters(AdapterKind kind) {
      return kind.hyperparameters(options.hyperparameters(model.toString()));
    }
  }

  final Settings settings;

  Training(Settings settings) {
    this.settings = settings;
  }

  /** The same with other settings. */
  abstract T with(Settings changed);

  /** What is trained. */
  abstract AdapterKind kind();

  final <V> T with(TrainingOption<V> option, V value) {
    return with(settings.options().with(option, value));
  }

  final T with(TrainingOptions changed) {
    return with(
        new Settings(
            settings.model(),
            changed.checked(),
            settings.samples(),
            settings.resumedRun(),
            settings.observer()));
  }

  private T with(SamplePictures.Wanted wanted) {
    return with(
        new Settings(
            settings.model(),
            settings.options(),
            wanted,
            settings.resumedRun(),
            settings.observer()));
  }

  private T with(TrainingObserver other) {
    return with(
        new Settings(
            settings.model(),
            settings.options(),
            settings.samples(),
            settings.resumedRun(),
            other));
  }

  /**
   * The folder with the pictures in {@code train} and {@code metadata.csv} (file_name, text), or
   * with a {@code metadata.jsonl}, or pictures with their captions in {@code .txt} or {@code
   * .caption} files beside them. How many pictures have no caption is a notice; if none has one,
   * {@link #train} refuses.
   */
  public final T dataset(Path folder) {
    return with(DATASET_PATH, folder);
  }

  /**
   * Where {@code metadata.csv} or {@code metadata.jsonl} has the captions (diffusers' {@code
   * --caption_column}): {@code text} if nothing is said.
   */
  public final T captionColumn(String name) {
    return with(CAPTION_COLUMN, name);
  }

  /**
   * The ending of the files of captions beside pictures (sd-scripts' {@code --caption_extension}):
   * {@code .txt}, or else {@code .caption}, if nothing is said.
   */
  public final T captionExtension(String ending) {
    return with(CAPTION_EXTENSION, ending);
  }

  /**
   * The encoding of captions, such as {@code GBK}: UTF-8 if nothing is said, and where a byte order
   * mark says so UTF-16.
   *
   * @throws io.github.kolors4j.dataset.DatasetException if there is none of that name
   */
  public final T captionEncoding(String name) {
    return with(CAPTION_ENCODING, name);
  }

  /** Where {@code lightning_logs/version_N} is made: {@code models} if nothing is said. */
  public final T outputPath(Path folder) {
    return with(OUTPUT_PATH, folder);
  }

  /** How many epochs; there is a checkpoint after each. 1 if nothing is said. */
  public final T maxEpochs(long epochs) {
    return with(MAX_EPOCHS, epochs);
  }

  /** Batches of an epoch, whatever the number of pictures: 500 if nothing is said. */
  public final T stepsPerEpoch(long steps) {
    return with(STEPS_PER_EPOCH, steps);
  }

  /** Pictures of a batch: 1 if nothing is said. */
  public final T batchSize(int pictures) {
    return with(BATCH_SIZE, pictures);
  }

  /** Batches whose gradients make one step of the optimizer: 1 if nothing is said. */
  public final T accumulateGradBatches(int batches) {
    return with(ACCUMULATE_GRAD_BATCHES, batches);
  }

  /** Height of the pictures in training; if nothing is said, what the model was made for. */
  public final T height(int pixels) {
    return with(HEIGHT, pixels);
  }

  /** Width of the pictures in training; if nothing is said, what the model was made for. */
  public final T width(int pixels) {
    return with(WIDTH, pixels);
  }

  /**
   * Cuts the middle out of a picture that has not the training's shape. If not, crops at random
   * places are cut: {@value PictureTransforms#RANDOM_CROPS} a picture, drawn and encoded once,
   * where the original draws a new one each time.
   */
  public final T centerCrop(boolean centerCrop) {
    return with(CENTER_CROP, centerCrop);
  }

  /** Mirrors every other picture, at random. */
  public final T randomFlip(boolean randomFlip) {
    return with(RANDOM_FLIP, randomFlip);
  }

  /**
   * Trains each picture in a size of its own shape: one of several of at most the training's area,
   * whose sides are multiples of {@code bucketResoSteps} (sd-scripts' {@code --enable_bucket}). A
   * batch is of one size.
   */
  public final T enableBucket(boolean enable) {
    return with(ENABLE_BUCKET, enable);
  }

  /** The shortest side of a bucket in pixels: a quarter of the training size if nothing is said. */
  public final T minBucketReso(int pixels) {
    return with(MIN_BUCKET_RESO, pixels);
  }

  /** The longest side of a bucket in pixels: twice the training size if nothing is said. */
  public final T maxBucketReso(int pixels) {
    return with(MAX_BUCKET_RESO, pixels);
  }

  /** Of which a bucket's sides are multiples, in pixels: 64 at 1024² if nothing is said. */
  public final T bucketResoSteps(int pixels) {
    return with(BUCKET_RESO_STEPS, pixels);
  }

  /**
   * Which optimizer learns.
   *
   * @param name {@code AdamW} (if nothing is said), {@code AdamW8bit} (a quarter of its memory),
   *     {@code Prodigy} (finds the learning rate itself) or {@code Muon} (makes a matrix' update
   *     orthogonal: more is learned in a step, at AdamW's rates)
   */
  public final T optimizer(String name) {
    return with(OPTIMIZER, name);
  }

  /**
   * The learning rate, the schedule's highest: 1e-4 if nothing is said. Prodigy multiplies the one
   * that it finds with this: 1 if nothing is said.
   */
  public final T learningRate(double rate) {
    return with(LEARNING_RATE, rate);
  }

  /**
   * How the learning rate changes.
   *
   * @param name {@code constant} (if nothing is said), {@code linear} or {@code cosine}
   */
  public final T lrScheduler(String name) {
    return with(LR_SCHEDULER, name);
  }

  /** Steps in which the learning rate rises from 0: none if nothing is said. */
  public final T lrWarmupSteps(long steps) {
    return with(LR_WARMUP_STEPS, steps);
  }

  /** The optimizer's weight decay: 0.01, torch's, if nothing is said. */
  public final T weightDecay(double decay) {
    return with(WEIGHT_DECAY, decay);
  }

  /** Scales gradients down whose norm, all together, is above a limit. */
  public final T gradientClipNorm(double limit) {
    return with(GRADIENT_CLIP_NORM, limit);
  }

  /** The share of captions replaced by the empty one, for guidance without a prompt. */
  public final T captionDropout(double share) {
    return with(CAPTION_DROPOUT, share);
  }

  /**
   * What stands in place of dropped captions, nothing if nothing is said. Guidance multiplies the
   * difference to what is drawn from the negative prompt: with its words here, that has the new
   * style, too, and the style is no part of what is multiplied.
   *
   * @param text the negative prompt that pictures will be drawn with
   */
  public final T captionDropoutText(String text) {
    return with(CAPTION_DROPOUT_TEXT, text);
  }

  /**
   * Trains captions with their parts in different orders (sd-scripts' {@code --shuffle_caption}):
   * up to {@value CaptionShuffle#ORDERS} orders a caption, drawn and encoded once.
   */
  public final T shuffleCaption(boolean shuffle) {
    return with(SHUFFLE_CAPTION, shuffle);
  }

  /** How many parts stay at a caption's start when it is shuffled: none if nothing is said. */
  public final T keepTokens(int parts) {
    return with(KEEP_TOKENS, parts);
  }

  /** What stands between a caption's parts: a comma if nothing is said; often ， in Chinese. */
  public final T captionSeparator(String separator) {
    return with(CAPTION_SEPARATOR, separator);
  }

  /**
   * Makes the noise of each channel lighter or darker as a whole, so that very dark and very light
   * pictures can be learned (diffusers' {@code --noise_offset}): none if nothing is said, otherwise
   * usually 0.05 to 0.1.
   */
  public final T noiseOffset(double offset) {
    return with(NOISE_OFFSET, offset);
  }

  /**
   * Keeps a moving average of the adapter (diffusers' {@code EMAModel}), which checkpoints,
   * validation and sample pictures are then made with.
   *
   * @param decay the share of the average that stays at each step: usually 0.99 to 0.9999; 0 for no
   *     average
   */
  public final T emaDecay(double decay) {
    return with(EMA_DECAY, decay);
  }

  /** Computes activations twice instead of keeping them: less memory, a third more time. */
  public final T useGradientCheckpointing(boolean use) {
    return with(USE_GRADIENT_CHECKPOINTING, use);
  }

  /** How much each timestep's loss counts: all the same if nothing is said. */
  public final T lossWeighting(LossWeighting weighting) {
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
  public final T precision(String precision) {
    return with(PRECISION, precision);
  }

  /** Two trainings with the same seed and settings are the same: 0 if nothing is said. */
  public final T seed(long seed) {
    return with(SEED, seed);
  }

  /**
   * Computes the loss on pictures that are not trained on, always with the same noise and
   * timesteps: before the first step, every so many steps, and after the last.
   *
   * @param everySteps 0 for never, if nothing is said
   * @param pictures how many are held back, drawn with the seed
   */
  public final T validation(long everySteps, int pictures) {
    return with(settings.options().with(VALIDATE_EVERY, everySteps).with(HELD_BACK, pictures));
  }

  /**
   * Makes a picture before the first step and every so many, which the listener gets.
   *
   * @param painter makes a picture with the UNet, to which the adapter is attached as it is then
   */
  public final T samplePicture(long everySteps, Function<UNet, BufferedImage> painter) {
    return with(new SamplePictures.Wanted(everySteps, painter, null));
  }

  /**
   * Makes a picture of a prompt before the first step and every so many, which the listener gets. A
   * whole pipeline is in memory for it besides the UNet that learns.
   */
  public final T samplePicture(long everySteps, Prompt prompt) {
    return with(new SamplePictures.Wanted(everySteps, null, prompt));
  }

  /**
   * Writes checkpoint and state every so many steps, besides those after each epoch: every 100 if
   * nothing is said; 0 for none.
   */
  public final T checkpointEvery(long steps) {
    return with(CHECKPOINT_EVERY, steps);
  }

  /**
   * Goes on with the newest run in the output folder if it was interrupted and has the same
   * settings; otherwise begins a new one. The losses are the same, bit for bit, as without the
   * interruption.
   */
  public final T resume(boolean resume) {
    return with(RESUME, resume);
  }

  /**
   * Goes on with a certain run.
   *
   * @param versionFolder a folder {@code lightning_logs/version_N}
   */
  public final T resume(Path versionFolder) {
    return with(
        new Settings(
            settings.model(),
            settings.options(),
            settings.samples(),
            Optional.of(versionFolder),
            settings.observer()));
  }

  /**
   * Asked after every step whether to stop. A stopped training saves its state and returns as if it
   * were finished; so does one whose thread is interrupted. Before the first step it ends with a
   * {@link StoppedException}.
   */
  public final T stopWhen(BooleanSupplier stop) {
    return with(new TrainingObserver(settings.observer().listener(), stop));
  }

  /** Who hears of steps, losses, sample pictures and notices. */
  public final T listener(TrainingListener listener) {
    return with(new TrainingObserver(listener, settings.observer().stopWhen()));
  }

  /** The settings, a line each, as {@code hparams.yaml} has them. */
  @Override
  public final String toString() {
    StringBuilder text = new StringBuilder(getClass().getSimpleName()).append(":");
    settings
        .hyperparameters(kind())
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
  public final LoraRun train() {
    settings.options().requireComplete();
    try (Work work = Work.begin("训练 (training)", "steps", settings.options().updates());
        PreparedTraining prepared = PreparedTraining.of(settings, kind());
        NDManager manager = PyTorch.manager();
        TrainingSession session = new TrainingSession(prepared, settings, manager)) {
      return new TrainingLoop(session, settings.observer(), work).run();
    }
  }
}
