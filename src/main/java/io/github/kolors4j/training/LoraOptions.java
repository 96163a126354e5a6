package io.github.kolors4j.training;

import io.github.kolors4j.dataset.CaptionSource;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.training.LearningRate;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * The settings of one LoRA training. {@link LoraTraining} copies them for each change, and explains
 * them.
 */
final class LoraOptions implements Cloneable {
  private static final List<String> PRECISIONS =
      List.of("32", "16", "16-mixed", "bf16", "bf16-mixed");
  private static final List<String> SCHEDULES = List.of("constant", "linear", "cosine");
  private static final List<String> OPTIMIZERS = List.of("AdamW", "AdamW8bit", "Prodigy");

  final ModelFolder model;
  Path dataset;
  CaptionSource captions = CaptionSource.USUAL;
  Path outputPath = Path.of("models");
  int rank = 4;
  double alpha = 4;
  List<String> targetModules = List.of("to_q", "to_k", "to_v", "to_out");
  boolean useDora;
  boolean trainTextEncoder;
  List<String> textEncoderTargetModules = List.of("query_key_value");
  long maxEpochs = 1;
  long stepsPerEpoch = 500;
  int batchSize = 1;
  int accumulateGradBatches = 1;

  /** In pixels; 0 for the size that the model was made for. */
  int height;

  int width;
  boolean centerCrop;
  boolean randomFlip;
  boolean enableBucket;

  /** Sides of the buckets in pixels; 0 for shares of the training size. */
  int minBucketReso;

  int maxBucketReso;
  int bucketResoSteps;

  /** NaN for the optimizer's usual one. */
  double learningRate = Double.NaN;

  String optimizer = "AdamW";
  String schedule = "constant";
  long warmUpSteps;
  double weightDecay = 0.01;
  double gradientClipNorm = Double.POSITIVE_INFINITY;
  double captionDropout;
  boolean shuffleCaption;
  int keepTokens;
  String captionSeparator = ",";
  double noiseOffset;

  /** 0 for no average. */
  double emaDecay;

  boolean gradientCheckpointing;
  String precision = "32";
  LossWeighting lossWeighting = LossWeighting.UNIFORM;
  long seed;

  /** Whether random numbers are drawn in the order of the course's trainer. */
  boolean asInTheCourse;

  long validateEvery;
  int heldBack;
  long sampleEvery;
  Function<UNet, BufferedImage> painter;
  Prompt samplePrompt;
  long checkpointEvery;
  boolean resume;
  Path resumeFrom;
  BooleanSupplier stopWhen = () -> false;
  TrainingListener listener = new TrainingListener() {};

  LoraOptions(ModelFolder model) {
    this.model = model;
  }

  /**
   * Part of a training before its first step, which ends with a {@link TrainingStoppedException} if
   * it is stopped: there is nothing to show yet.
   */
  Work preparing(String name, String unit, long total) {
    Work work = Work.begin(name, unit, total);
    return work.stoppable(stopWhen, () -> new TrainingStoppedException(work));
  }

  LoraOptions copy() {
    try {
      return (LoraOptions) clone();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /** Steps of an epoch: batches, as many together as are accumulated; the last may have fewer. */
  long updatesPerEpoch() {
    return (stepsPerEpoch + accumulateGradBatches - 1) / accumulateGradBatches;
  }

  long updates() {
    return maxEpochs * updatesPerEpoch();
  }

  /** Prodigy finds its own and only takes a factor. */
  double learningRate() {
    double usual = optimizer.equals("Prodigy") ? 1 : 1e-4;
    return Double.isNaN(learningRate) ? usual : learningRate;
  }

  LearningRate learningRates() {
    double highest = learningRate();
    LearningRate rates =
        switch (schedule) {
          case "linear" -> LearningRate.linear(highest, updates());
          case "cosine" -> LearningRate.cosine(highest, updates());
          default -> LearningRate.constant(highest);
        };
    return warmUpSteps > 0 ? rates.warmUp(warmUpSteps) : rates;
  }

  CaptionShuffle captionShuffle() {
    return new CaptionShuffle(captionSeparator, keepTokens);
  }

  /**
   * The sizes that pictures are brought to: the training's alone, or buckets around it. What is not
   * said of them is a quarter, twice and a sixteenth of the size: sd-scripts' 256 and 64 at 1024².
   *
   * @param multiple of which all sides must be: how many pixels of a picture are one latent
   */
  AspectRatioBuckets buckets(int multiple) {
    AspectRatioBuckets.Size size = new AspectRatioBuckets.Size(width, height);
    if (!enableBucket) {
      return AspectRatioBuckets.only(size);
    }
    int side = (int) Math.sqrt((double) width * height);
    int steps =
        bucketResoSteps > 0 ? bucketResoSteps : Math.max(1, side / 16 / multiple) * multiple;
    int shortest = minBucketReso > 0 ? minBucketReso : Math.max(1, side / 4 / steps) * steps;
    int longest = maxBucketReso > 0 ? maxBucketReso : 2 * side / steps * steps;
    require(steps % multiple == 0, "bucket_reso_steps", steps, "a multiple of " + multiple);
    require(
        shortest % steps == 0,
        "min_bucket_reso",
        shortest,
        "a multiple of bucket_reso_steps (%d)".formatted(steps));
    require(
        longest >= Math.max(width, height) && longest >= shortest,
        "max_bucket_reso",
        longest,
        "at least the training size (%d×%d) and min_bucket_reso (%d)"
            .formatted(height, width, shortest));
    require(steps <= side, "bucket_reso_steps", steps, "no more than the training size");
    return AspectRatioBuckets.around(size, shortest, longest, steps);
  }

  /**
   * Everything that decides what a training computes, under the names of the command line. Two runs
   * with the same values give the same losses.
   */
  Map<String, Object> hyperparameters() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("pretrained_model", model.toString());
    values.put("dataset_path", String.valueOf(dataset));
    if (!captions.equals(CaptionSource.USUAL)) {
      values.put("caption_column", captions.column());
      values.put("caption_extension", String.join(",", captions.extensions()));
      values.put("caption_encoding", captions.encoding().name());
    }
    values.put("lora_rank", rank);
    values.put("lora_alpha", alpha);
    values.put("lora_target_modules", String.join(",", targetModules));
    values.put("use_dora", useDora);
    values.put("train_text_encoder", trainTextEncoder);
    values.put("text_encoder_target_modules", String.join(",", textEncoderTargetModules));
    values.put("max_epochs", maxEpochs);
    values.put("steps_per_epoch", stepsPerEpoch);
    values.put("batch_size", batchSize);
    values.put("accumulate_grad_batches", accumulateGradBatches);
    values.put("height", height);
    values.put("width", width);
    values.put("center_crop", centerCrop);
    values.put("random_flip", randomFlip);
    values.put("enable_bucket", enableBucket);
    values.put("min_bucket_reso", minBucketReso);
    values.put("max_bucket_reso", maxBucketReso);
    values.put("bucket_reso_steps", bucketResoSteps);
    values.put("optimizer", optimizer);
    values.put("learning_rate", learningRate());
    values.put("lr_scheduler", schedule);
    values.put("lr_warmup_steps", warmUpSteps);
    values.put("weight_decay", weightDecay);
    values.put("gradient_clip_norm", gradientClipNorm);
    values.put("caption_dropout", captionDropout);
    values.put("shuffle_caption", shuffleCaption);
    values.put("keep_tokens", keepTokens);
    values.put("caption_separator", captionSeparator);
    values.put("noise_offset", noiseOffset);
    values.put("ema_decay", emaDecay);
    values.put("use_gradient_checkpointing", gradientCheckpointing);
    values.put("precision", precision);
    values.put("loss_weighting", lossWeighting.toString());
    values.put("seed", seed);
    if (asInTheCourse) {
      values.put("as_in_the_course", true);
    }
    values.put("validate_every", validateEvery);
    values.put("held_back", heldBack);
    return values;
  }

  /**
   * @throws IllegalArgumentException naming the first setting that makes no sense, alone or beside
   *     the others
   */
  void check() {
    if (dataset == null) {
      throw new IllegalArgumentException(
          "No data set is given: say which with dataset(Path.of(\"data/lora_dataset_processed\")).");
    }
    checkValues();
    require(
        !asInTheCourse || centerCrop && !enableBucket,
        "as_in_the_course",
        true,
        "with center_crop and without enable_bucket: other crops are drawn once here, and anew at each step there");
  }

  /**
   * @throws IllegalArgumentException naming the first setting that is out of range
   */
  void checkValues() {
    require(
        !dataset.toString().isBlank(),
        "dataset_path",
        "empty",
        "the folder of the pictures; . is this folder");
    require(rank >= 1, "lora_rank", rank, "1 or more, usually 4 to 64");
    require(Double.isFinite(alpha), "lora_alpha", alpha, "a number, usually 1 to the rank");
    require(!targetModules.isEmpty(), "lora_target_modules", targetModules, "not empty");
    require(maxEpochs >= 1, "max_epochs", maxEpochs, "1 or more");
    require(stepsPerEpoch >= 1, "steps_per_epoch", stepsPerEpoch, "1 or more");
    require(batchSize >= 1, "batch_size", batchSize, "1 or more");
    require(
        accumulateGradBatches >= 1, "accumulate_grad_batches", accumulateGradBatches, "1 or more");
    require(
        !trainTextEncoder || !textEncoderTargetModules.isEmpty(),
        "text_encoder_target_modules",
        textEncoderTargetModules,
        "not empty");
    require(minBucketReso >= 0, "min_bucket_reso", minBucketReso, "0 or more");
    require(maxBucketReso >= 0, "max_bucket_reso", maxBucketReso, "0 or more");
    require(bucketResoSteps >= 0, "bucket_reso_steps", bucketResoSteps, "0 or more");
    require(OPTIMIZERS.contains(optimizer), "optimizer", optimizer, "one of " + OPTIMIZERS);
    require(
        learningRate() > 0 && Double.isFinite(learningRate()),
        "learning_rate",
        learningRate(),
        "above 0");
    require(SCHEDULES.contains(schedule), "lr_scheduler", schedule, "one of " + SCHEDULES);
    require(warmUpSteps >= 0, "lr_warmup_steps", warmUpSteps, "0 or more");
    require(weightDecay >= 0, "weight_decay", weightDecay, "0 or more");
    require(gradientClipNorm > 0, "gradient_clip_norm", gradientClipNorm, "above 0");
    require(
        captionDropout >= 0 && captionDropout <= 1, "caption_dropout", captionDropout, "0 to 1");
    require(keepTokens >= 0, "keep_tokens", keepTokens, "0 or more");
    require(
        !captionSeparator.isEmpty(),
        "caption_separator",
        "empty",
        "what stands between a caption's parts, such as , or ，");
    require(
        noiseOffset >= 0 && Double.isFinite(noiseOffset),
        "noise_offset",
        noiseOffset,
        "0 or more, usually 0.05 to 0.1");
    require(
        emaDecay >= 0 && emaDecay < 1,
        "ema_decay",
        emaDecay,
        "0 (no average) or more and below 1, usually 0.99 to 0.9999");
    require(PRECISIONS.contains(precision), "precision", precision, "one of " + PRECISIONS);
    require(validateEvery >= 0, "validate_every", validateEvery, "0 or more");
    require(heldBack >= 0, "held_back", heldBack, "0 or more");
    require(
        validateEvery == 0 || heldBack > 0,
        "held_back",
        heldBack,
        "1 or more to validate every %d steps".formatted(validateEvery));
    require(height >= 0, "height", height, "0 (what the model was made for) or more");
    require(width >= 0, "width", width, "0 (what the model was made for) or more");
    require(sampleEvery >= 0, "sample_every", sampleEvery, "0 or more");
    require(
        sampleEvery == 0 || painter != null || samplePrompt != null,
        "sample_every",
        sampleEvery,
        "0 without a prompt for the sample pictures");
    require(checkpointEvery >= 0, "checkpoint_every", checkpointEvery, "0 or more");
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(
          "%s is %s, but must be %s.".formatted(name, value, expected));
    }
  }

  /**
   * @param multiple of which both sides must be: how many pixels of a picture are one latent
   */
  void checkSize(int multiple) {
    for (int side : new int[] {height, width}) {
      if (side < multiple || side % multiple != 0) {
        throw new IllegalArgumentException(
            "The training size is %d×%d (height × width), but both must be multiples of %d: the nearest is %d×%d."
                .formatted(height, width, multiple, near(height, multiple), near(width, multiple)));
      }
    }
  }

  private static long near(int side, int multiple) {
    return Math.max(1, Math.round((double) side / multiple)) * multiple;
  }
}
