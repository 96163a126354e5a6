package io.github.kolors4j.training;

import static io.github.kolors4j.internal.training.TrainingTable.*;

import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.files.FreeSpace;
import io.github.kolors4j.internal.lora.UNetNames;
import io.github.kolors4j.internal.training.TrainingOptions;
import io.github.kolors4j.internal.weights.LdmUNetNames;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.WeightFolder;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import io.github.kolors4j.scheduler.Sampling;
import io.github.kolors4j.scheduler.Scheduler;
import io.github.kolors4j.scheduler.SchedulerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What can be known to go wrong before anything is encoded, which may take hours: from the
 * settings, the headers of the model's files, and the list of pictures.
 *
 * @param options with the size of the pictures
 * @param downscale how many pixels of a picture's side are one latent
 */
record TrainingChecks(
    ModelFolder model,
    AdapterKind kind,
    TrainingOptions options,
    SamplePictures.Wanted samples,
    int downscale,
    TrainingObserver observer) {
  private static final String WEIGHT = ".weight";

  /**
   * @param pictures in the set, before any is read
   * @throws TrainingException naming what would go wrong later
   * @throws IllegalArgumentException if the sample picture cannot be drawn
   * @throws io.github.kolors4j.WeightsException if a part of the model is missing or damaged
   * @throws io.github.kolors4j.pipeline.NotEnoughMemoryException if the model does not fit
   */
  void run(int pictures, UNetNames names, SchedulerConfig scheduler) {
    requirePicturesToTrainOn(pictures);
    sayWhatHasNoEffect();
    requireSamplePicture(scheduler);
    requireSpace(kind.requireFit(model, names, options));
    KolorsPipeline.options().precision("fp32").plan(model); // throws if it fits in no way
  }

  private void requirePicturesToTrainOn(int pictures) {
    if (pictures == 0) {
      throw new TrainingException(
          "There are no pictures in %s.".formatted(options.get(DATASET_PATH).toAbsolutePath()));
    }
    if (options.get(VALIDATE_EVERY) > 0) {
      requireFewerHeldBack(options.get(HELD_BACK), pictures);
    }
  }

  static void requireFewerHeldBack(int heldBack, int pictures) {
    if (heldBack >= pictures) {
      throw new TrainingException(
          "%d pictures are to be held back for validation, but there are %d in all: hold back fewer."
              .formatted(heldBack, pictures));
    }
  }

  private void sayWhatHasNoEffect() {
    List<String> idle = new ArrayList<>();
    if (options.get(KEEP_TOKENS) > 0 && !options.get(SHUFFLE_CAPTION)) {
      idle.add("keep_tokens is without effect where captions are not shuffled (shuffle_caption).");
    }
    if (options.get(CAPTION_DROPOUT) == 0 && !options.get(CAPTION_DROPOUT_TEXT).isEmpty()) {
      idle.add(
          "caption_dropout_text is without effect where no caption is dropped (caption_dropout).");
    }
    if (!options.get(ENABLE_BUCKET)
        && options.get(MIN_BUCKET_RESO)
                + options.get(MAX_BUCKET_RESO)
                + options.get(BUCKET_RESO_STEPS)
            > 0) {
      idle.add("Settings of buckets are without effect without enable_bucket.");
    }
    if (options.get(LR_WARMUP_STEPS) >= options.updates()) {
      idle.add(
          "The learning rate rises for %d steps, but there are %d: it never reaches %s."
              .formatted(options.get(LR_WARMUP_STEPS), options.updates(), options.learningRate()));
    }
    if (samples.every() > options.updates()) {
      idle.add(
          "Sample pictures are due every %d steps, but there are %d: only those at the start and the end are drawn."
              .formatted(samples.every(), options.updates()));
    }
    idle.forEach(observer::notice);
  }

  private void requireSamplePicture(SchedulerConfig scheduler) {
    Prompt prompt = samples.prompt();
    if (samples.every() == 0 || prompt == null) {
      return;
    }
    if (prompt.width() % downscale != 0 || prompt.height() % downscale != 0) {
      throw new IllegalArgumentException(
          "The sample picture's size is %d×%d, but this model draws multiples of %d."
              .formatted(prompt.width(), prompt.height(), downscale));
    }
    String name = prompt.scheduler() == null ? scheduler.className() : prompt.scheduler();
    double strength = prompt.picture() == null ? 1 : prompt.strength();
    Sampling possible = Scheduler.of(name, scheduler).begin(prompt.steps(), strength);
    possible.close();
  }

  /**
   * The weights of a network's linear layers and convolutions by the layers' published names: (out,
   * in) or (out, in, kernel, kernel) each.
   */
  static Map<String, Shape> adaptableLayers(Path network) {
    Map<String, Shape> layers = new LinkedHashMap<>();
    try (TensorFile file = LdmUNetNames.toDiffusers(WeightFolder.openPath(network))) {
      for (String name : file.names()) {
        Shape shape = file.info(name).shape();
        boolean layer = shape.dimension() == 2 || shape.dimension() == 4;
        if (name.endsWith(WEIGHT) && layer && !name.contains("embeddings.")) {
          layers.put(name.substring(0, name.length() - WEIGHT.length()), shape);
        }
      }
    }
    return layers;
  }

  /** Checkpoints, and the state twice: the old one stays until the new one is whole. */
  private void requireSpace(long parameters) {
    double optimizer =
        switch (options.get(OPTIMIZER)) {
          case "AdamW8bit" -> 0.5;
          case "Prodigy" -> 4;
          case "Muon" -> 1;
          default -> 2;
        };
    double state = 1 + optimizer + (options.get(EMA_DECAY) > 0 ? 1 : 0);
    long bytes = (long) (4.0 * parameters * (options.checkpoints() + 2 * state));
    OptionalLong free = FreeSpace.of(existing(options.get(OUTPUT_PATH)));
    if (free.isPresent() && free.getAsLong() < bytes) {
      throw RunFolder.tooLittleSpace(options.get(OUTPUT_PATH), free.getAsLong(), bytes);
    }
  }

  private static Path existing(Path folder) {
    Path absolute = folder.toAbsolutePath();
    Path above = absolute.getParent();
    return Files.exists(absolute) || above == null ? absolute : existing(above);
  }
}
