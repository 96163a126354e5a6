package io.github.kolors4j.training;

import io.github.kolors4j.model.UNet;
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

  final ModelFolder model;
  Path dataset;
  Path outputPath = Path.of("models");
  int rank = 4;
  double alpha = 4;
  List<String> targetModules = List.of("to_q", "to_k", "to_v", "to_out");
  long maxEpochs = 1;
  long stepsPerEpoch = 500;
  int batchSize = 1;
  int accumulateGradBatches = 1;

  /** In pixels; 0 for the size that the model was made for. */
  int height;

  int width;
  boolean centerCrop;
  boolean randomFlip;
  double learningRate = 1e-4;
  String schedule = "constant";
  long warmUpSteps;
  double weightDecay = 0.01;
  double gradientClipNorm = Double.POSITIVE_INFINITY;
  double captionDropout;
  boolean gradientCheckpointing;
  String precision = "32";
  LossWeighting lossWeighting = LossWeighting.UNIFORM;
  long seed;
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

  LearningRate learningRates() {
    LearningRate rates =
        switch (schedule) {
          case "linear" -> LearningRate.linear(learningRate, updates());
          case "cosine" -> LearningRate.cosine(learningRate, updates());
          default -> LearningRate.constant(learningRate);
        };
    return warmUpSteps > 0 ? rates.warmUp(warmUpSteps) : rates;
  }

  /**
   * Everything that decides what a training computes, under the names of the command line. Two runs
   * with the same values give the same losses.
   */
  Map<String, Object> hyperparameters() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("pretrained_model", model.toString());
    values.put("dataset_path", String.valueOf(dataset));
    values.put("lora_rank", rank);
    values.put("lora_alpha", alpha);
    values.put("lora_target_modules", String.join(",", targetModules));
    values.put("max_epochs", maxEpochs);
    values.put("steps_per_epoch", stepsPerEpoch);
    values.put("batch_size", batchSize);
    values.put("accumulate_grad_batches", accumulateGradBatches);
    values.put("height", height);
    values.put("width", width);
    values.put("center_crop", centerCrop);
    values.put("random_flip", randomFlip);
    values.put("learning_rate", learningRate);
    values.put("lr_scheduler", schedule);
    values.put("lr_warmup_steps", warmUpSteps);
    values.put("weight_decay", weightDecay);
    values.put("gradient_clip_norm", gradientClipNorm);
    values.put("caption_dropout", captionDropout);
    values.put("use_gradient_checkpointing", gradientCheckpointing);
    values.put("precision", precision);
    values.put("loss_weighting", lossWeighting.toString());
    values.put("seed", seed);
    values.put("validate_every", validateEvery);
    values.put("held_back", heldBack);
    return values;
  }

  /**
   * @throws IllegalArgumentException naming the first setting that makes no sense
   */
  void check() {
    if (dataset == null) {
      throw new IllegalArgumentException(
          "No data set is given: say which with dataset(Path.of(\"data/lora_dataset_processed\")).");
    }
    require(rank >= 1, "lora_rank", rank, "1 or more, usually 4 to 64");
    require(Double.isFinite(alpha), "lora_alpha", alpha, "a number, usually 1 to the rank");
    require(!targetModules.isEmpty(), "lora_target_modules", targetModules, "not empty");
    require(maxEpochs >= 1, "max_epochs", maxEpochs, "1 or more");
    require(stepsPerEpoch >= 1, "steps_per_epoch", stepsPerEpoch, "1 or more");
    require(batchSize >= 1, "batch_size", batchSize, "1 or more");
    require(
        accumulateGradBatches >= 1, "accumulate_grad_batches", accumulateGradBatches, "1 or more");
    require(
        learningRate > 0 && Double.isFinite(learningRate),
        "learning_rate",
        learningRate,
        "above 0");
    require(SCHEDULES.contains(schedule), "lr_scheduler", schedule, "one of " + SCHEDULES);
    require(warmUpSteps >= 0, "lr_warmup_steps", warmUpSteps, "0 or more");
    require(weightDecay >= 0, "weight_decay", weightDecay, "0 or more");
    require(gradientClipNorm > 0, "gradient_clip_norm", gradientClipNorm, "above 0");
    require(
        captionDropout >= 0 && captionDropout <= 1, "caption_dropout", captionDropout, "0 to 1");
    require(PRECISIONS.contains(precision), "precision", precision, "one of " + PRECISIONS);
    require(validateEvery >= 0, "validate_every", validateEvery, "0 or more");
    require(heldBack >= 0, "held_back", heldBack, "0 or more");
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
