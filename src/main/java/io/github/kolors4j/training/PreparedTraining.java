package io.github.kolors4j.training;

import static io.github.kolors4j.internal.training.TrainingTable.*;

import io.github.kolors4j.dataset.CaptionedImages;
import io.github.kolors4j.internal.lora.UNetNames;
import io.github.kolors4j.internal.model.AutoencoderConfig;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.pipeline.ModelConfig;
import io.github.kolors4j.internal.training.TrainingOption;
import io.github.kolors4j.internal.training.TrainingOptions;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.scheduler.NoiseSchedule;
import io.github.kolors4j.scheduler.SchedulerConfig;
import java.util.List;
import java.util.Map;

/**
 * The first of three parts of a training: what is read and checked before anything is encoded,
 * which may take hours.
 *
 * @param kind of the adapter
 * @param options with the size of the pictures
 * @param downscale how many pixels of a picture's side are one latent
 * @param buckets the sizes that pictures are brought to
 * @param names of the UNet's layers in LoRA files
 * @param run where the training writes, and what it goes on from
 */
record PreparedTraining(
    ModelFolder model,
    AdapterKind kind,
    TrainingOptions options,
    int downscale,
    AspectRatioBuckets buckets,
    CaptionedImages images,
    UNetNames names,
    NoiseSchedule noiseSchedule,
    ChosenRun run)
    implements AutoCloseable {

  static PreparedTraining of(Training.Settings settings, AdapterKind kind) {
    ModelFolder model = settings.model();
    TrainingObserver observer = settings.observer();
    int downscale = AutoencoderConfig.read(model.vaeConfigFolder()).downscale();
    TrainingOptions options = withSize(settings.options(), model, downscale);
    AspectRatioBuckets buckets = AspectRatioBuckets.of(options, downscale);
    CaptionedImages images = images(options, observer);
    SchedulerConfig scheduler = ModelConfig.scheduler(model);
    UNetNames names = new UNetNames(UNetConfig.read(model.unetConfigFolder()));
    new TrainingChecks(model, kind, options, settings.samples(), downscale, observer)
        .run(images.size(), names, scheduler);
    ChosenRun run =
        ChosenRun.of(
            options,
            kind.hyperparameters(options.hyperparameters(model.toString())),
            settings.resumedRun(),
            observer);
    return new PreparedTraining(
        model, kind, options, downscale, buckets, images, names, new NoiseSchedule(scheduler), run);
  }

  /** Without a size of its own, a training takes the one that the model was made for. */
  private static TrainingOptions withSize(TrainingOptions given, ModelFolder model, int downscale) {
    TrainingOptions options = given;
    for (TrainingOption<Integer> side : List.of(HEIGHT, WIDTH)) {
      if (options.get(side) == 0) {
        options =
            options.with(side, UNetConfig.read(model.unetConfigFolder()).sampleSize() * downscale);
      }
    }
    requireMultiples(options.get(HEIGHT), options.get(WIDTH), downscale);
    return options;
  }

  private static void requireMultiples(int height, int width, int multiple) {
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

  private static CaptionedImages images(TrainingOptions options, TrainingObserver observer) {
    CaptionedImages images = CaptionedImages.load(options.get(DATASET_PATH), options.captions());
    images.notices().forEach(observer::notice);
    if (options.get(CAPTION_DROPOUT) < 1) {
      images.requireCaptions();
    }
    return images;
  }

  Map<String, Object> hyperparameters() {
    return kind.hyperparameters(options.hyperparameters(model.toString()));
  }

  @Override
  public void close() {
    run.close();
  }
}
