package io.github.kolors4j.training;

import static io.github.kolors4j.internal.training.TrainingTable.*;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.internal.training.Optimizer;
import io.github.kolors4j.internal.training.TrainingOptions;
import io.github.kolors4j.internal.weights.LoadOptions;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.MemoryPlan;
import io.github.kolors4j.pipeline.ModelFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The second of three parts of a training: pictures and captions are encoded, the networks loaded,
 * and what learns is made, or read from where an earlier part of the same run has stopped.
 */
final class TrainingSession implements AutoCloseable {
  private static final int VALIDATION_TIMESTEPS = 4;

  private final PreparedTraining prepared;
  private final TrainingObserver observer;
  final NDManager manager;

  /** Where all random numbers come from, in the order in which they are drawn. */
  final TorchRandom random;

  final LossHistory history;

  /** Those that are trained on. */
  final List<EncodedPictures.Picture> pictures;

  /** The batches of the loss on pictures that are not trained on. */
  final List<DenoisingLoss.Batch> validation;

  final AdaptedNetworks networks;
  final Learner learner;
  final Batches batches;
  final DenoisingLoss loss;
  final SamplePictures samples;
  final EventFile events;

  /**
   * @param manager the owner of everything that is computed
   */
  TrainingSession(PreparedTraining prepared, Training.Settings settings, NDManager manager) {
    this.prepared = prepared;
    observer = settings.observer();
    this.manager = manager;
    Optional<SavedTraining> saved = saved();
    TorchRandom start = new TorchRandom(options().get(SEED));
    Precision precision = precision();

    // The pictures, as the networks see them.
    EncodedPictures encoded = encodePictures(start);
    Captions captions = encodeCaptions(encoded);
    List<EncodedPictures.Picture> heldBack = holdBack(encoded.pictures(), start);
    pictures = new ArrayList<>(encoded.pictures());
    pictures.removeAll(heldBack);

    // The networks, and what is trained on them.
    UNet unet = loadUnet();
    networks = new AdaptedNetworks(unet, captions.learning());
    Adapter adapter = prepared.kind().make(networks, prepared, start, manager);
    networks.attach(adapter);
    learner = learner(adapter, precision);
    samples = new SamplePictures(settings.samples(), prepared.model(), networks, learner, observer);
    requireSpace();

    // A new run, or one that goes on.
    saved.ifPresent(this::resume);
    random = saved.map(SavedTraining::random).orElse(start);
    history = saved.map(SavedTraining::history).orElseGet(LossHistory::new);
    folder().writeHyperparameters(prepared.hyperparameters());
    folder().writeMetrics(history);
    events = EventFile.create(folder().folder(), saved.map(s -> s.step() + 1).orElse(0L));

    // What a step is made of.
    batches = batches(captions);
    saved.ifPresent(from -> batches.restore(from.numbers()));
    loss =
        new DenoisingLoss(
            unet,
            prepared.noiseSchedule(),
            LossWeighting.of(options().get(LOSS_WEIGHTING)),
            precision,
            options().get(USE_GRADIENT_CHECKPOINTING));
    validation =
        heldBack.isEmpty()
            ? List.of()
            : batches.fixed(heldBack, VALIDATION_TIMESTEPS, options().get(SEED), manager);
  }

  PreparedTraining prepared() {
    return prepared;
  }

  TrainingOptions options() {
    return prepared.options();
  }

  RunFolder folder() {
    return prepared.run().folder();
  }

  /** Where an earlier part of this run has stopped. */
  Optional<SavedTraining> saved() {
    return prepared.run().saved();
  }

  private ModelFolder model() {
    return prepared.model();
  }

  private Precision precision() {
    String setting = options().get(PRECISION);
    Precision precision = precision(setting, manager.getDevice());
    if (precision == Precision.BFLOAT16 && !setting.startsWith("bf16")) {
      observer.notice(
          "On a CPU, precision "
              + setting
              + " is computed as bf16-mixed, as Lightning does; its loss needs no scaling.");
    }
    if (precision == Precision.BFLOAT16 && !multipliesBfloat16()) {
      observer.notice(
          "This processor has no instructions for bfloat16 and computes it in steps, several times"
              + " slower than float32: precision \"32\" is faster here.");
    }
    return precision;
  }

  private boolean multipliesBfloat16() {
    try (NDArray any = manager.create(1f)) {
      return TensorOperators.multipliesBfloat16(any);
    }
  }

  /**
   * What a setting of the original means on a device. 16 bits are bfloat16 on a CPU, as in
   * Lightning.
   *
   * @param setting {@code 32}, {@code 16}, {@code 16-mixed}, {@code bf16} or {@code bf16-mixed}
   */
  static Precision precision(String setting, Device device) {
    if (setting.equals("32")) {
      return Precision.FLOAT32;
    }
    return setting.startsWith("bf16") || !device.isGpu() ? Precision.BFLOAT16 : Precision.FLOAT16;
  }

  private EncodedPictures encodePictures(TorchRandom start) {
    CaptionShuffle shuffle =
        new CaptionShuffle(options().get(CAPTION_SEPARATOR), options().get(KEEP_TOKENS));
    PictureTransforms transforms =
        new PictureTransforms(
            prepared.buckets(),
            options().get(CENTER_CROP),
            options().get(RANDOM_FLIP),
            options().get(AS_IN_THE_COURSE),
            Optional.of(shuffle).filter(s -> options().get(SHUFFLE_CAPTION)));
    EncodedPictures encoded =
        EncodedPictures.of(
            prepared.images(),
            options().get(DATASET_PATH),
            transforms,
            model(),
            start,
            observer,
            manager);
    if (options().get(ENABLE_BUCKET)) {
      observer.notice(encoded.sizes(prepared.downscale()));
    }
    return encoded;
  }

  private Captions encodeCaptions(EncodedPictures encoded) {
    String dropped = options().get(CAPTION_DROPOUT_TEXT);
    Captions.Words words =
        new Captions.Words(
            encoded.captions(
                options().get(CAPTION_DROPOUT) > 0 ? Optional.of(dropped) : Optional.empty()),
            caption -> caption.equals(dropped) ? dropped : prepared.kind().caption(caption),
            prepared.kind().tokenizer(model()));
    LoadOptions loading = plan().textEncoder().loading();
    if (!prepared.kind().throughTextEncoder(options())) {
      return Captions.encode(words, model(), loading, observer, manager);
    }
    // What learns in the text encoder itself is float32; what only passes through may be smaller.
    boolean itself = options().get(TRAIN_TEXT_ENCODER);
    return Captions.learning(
        words, model(), itself ? LoadOptions.FLOAT32 : loading, observer, manager);
  }

  /**
   * How the networks, one at a time, fit into what memory is free by now: in float32, or as the
   * file has them, or from disk. They compute in float32 from weights in any type.
   */
  private MemoryPlan plan() {
    return KolorsPipeline.options().precision("fp32").plan(model());
  }

  private List<EncodedPictures.Picture> holdBack(
      List<EncodedPictures.Picture> all, TorchRandom start) {
    int count = options().get(HELD_BACK);
    if (options().get(VALIDATE_EVERY) == 0 || count == 0) {
      return List.of();
    }
    TrainingChecks.requireFewerHeldBack(count, all.size());
    List<EncodedPictures.Picture> heldBack = new ArrayList<>();
    long[] order = start.randperm(all.size());
    for (int i = 0; i < count; i++) {
      heldBack.add(all.get((int) order[i]));
    }
    return heldBack;
  }

  private UNet loadUnet() {
    try (Work work = observer.preparing("载入 UNet (loading the UNet)", "", 0)) {
      Work.check();
      return UNet.load(
          UNetConfig.read(model().unetConfigFolder()),
          model().unet(),
          manager,
          plan().unet().loading());
    }
  }

  private Learner learner(Adapter adapter, Precision precision) {
    Optimizer optimizer =
        Optimizer.of(options().get(OPTIMIZER), adapter.parameters(), options().get(WEIGHT_DECAY));
    return new Learner(
        adapter,
        optimizer,
        options().get(GRADIENT_CLIP_NORM),
        options().get(EMA_DECAY),
        precision == Precision.FLOAT16);
  }

  private void requireSpace() {
    long adapterBytes = bytes(learner.adapter().parameters());
    // The old state stays until the new one is whole.
    long bytes = adapterBytes * options().checkpoints() + 2 * bytes(learner.arrays()) + (1 << 20);
    folder().requireSpace(bytes, observer::notice);
  }

  private static long bytes(Map<String, NDArray> arrays) {
    return arrays.values().stream()
        .mapToLong(array -> array.size() * array.getDataType().getNumOfBytes())
        .sum();
  }

  private void resume(SavedTraining from) {
    if (from.pictures() != pictures.size()) {
      throw new TrainingException(
          "The run in %s was trained on %d pictures, but %s has %d now: it cannot go on as it began."
              .formatted(
                  folder().folder(),
                  from.pictures(),
                  options().get(DATASET_PATH),
                  pictures.size()));
    }
    from.requireWithin(options().updates());
    learner.restore(from, manager);
    observer.notice("Going on after step " + from.step() + " of " + options().updates() + ".");
  }

  private Batches batches(Captions captions) {
    int size = options().get(BATCH_SIZE);
    boolean asInTheCourse = options().get(AS_IN_THE_COURSE);
    long drawn = options().get(STEPS_PER_EPOCH) * size;
    Optional<ShuffledIndices> indices =
        asInTheCourse ? Optional.of(new ShuffledIndices(Math.toIntExact(drawn))) : Optional.empty();
    Batches.Settings settings =
        new Batches.Settings(
            size,
            options().get(ENABLE_BUCKET),
            options().get(RANDOM_FLIP),
            options().get(CAPTION_DROPOUT),
            options().get(CAPTION_DROPOUT_TEXT),
            options().get(NOISE_OFFSET));
    int timesteps = prepared.noiseSchedule().numTrainTimesteps();
    return new Batches(captions, settings, indices, timesteps, prepared.downscale());
  }

  @Override
  public void close() {
    samples.close();
    learner.close();
  }
}
