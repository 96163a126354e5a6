package io.github.kolors4j.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.dataset.CaptionedImages;
import io.github.kolors4j.internal.lora.LoraFile;
import io.github.kolors4j.internal.lora.LoraFormat;
import io.github.kolors4j.internal.lora.UNetNames;
import io.github.kolors4j.internal.model.AutoencoderConfig;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.internal.training.LearningRate;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.MemoryPlan;
import io.github.kolors4j.scheduler.NoiseSchedule;
import io.github.kolors4j.scheduler.SchedulerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** One run of a {@link LoraTraining}, from the settings to the last checkpoint. */
final class LoraTrainer {
  private static final int VALIDATION_TIMESTEPS = 4;

  private final LoraOptions options;
  private final TrainingListener listener;
  private RunFolder folder;
  private SavedTraining saved;
  private LossHistory history = new LossHistory();
  private EventFile events;
  private TorchRandom random;
  private UNetNames names;
  private LoraLearner learner;
  private List<EncodedPictures.Picture> pictures;
  private Path checkpoint;
  private AdaptedNetworks networks;
  private Batches batches;

  LoraTrainer(LoraOptions options) {
    this.options = options;
    this.listener = options.listener;
  }

  LoraRun train() {
    options.check();
    try (Work work = Work.begin("训练 (training)", "steps", options.updates())) {
      return train(work);
    }
  }

  private LoraRun train(Work work) {
    int downscale = chooseSize();
    AspectRatioBuckets buckets = options.buckets(downscale);
    CaptionedImages images = CaptionedImages.load(options.dataset, options.captions);
    images.notices().forEach(listener::notice);
    if (options.captionDropout < 1) {
      images.requireCaptions();
    }
    SchedulerConfig scheduler = scheduler();
    names = new UNetNames(UNetConfig.read(options.model.unetConfigFolder()));
    new TrainingChecks(options, downscale).run(images.size(), names, scheduler);
    try (ChosenRun chosen = ChosenRun.of(options)) {
      return train(chosen, images, buckets, new NoiseSchedule(scheduler), downscale, work);
    }
  }

  private LoraRun train(
      ChosenRun chosen,
      CaptionedImages images,
      AspectRatioBuckets buckets,
      NoiseSchedule schedule,
      int downscale,
      Work work) {
    folder = chosen.folder();
    saved = chosen.saved();
    random = new TorchRandom(options.seed);
    try (NDManager manager = NDManager.newBaseManager()) {
      Precision precision = precision(manager);
      EncodedPictures encoded = EncodedPictures.of(images, options, buckets, random, manager);
      CaptionEncodings captions = encodeCaptions(encoded.captions(options), manager);
      List<EncodedPictures.Picture> heldBack = holdBack(encoded.pictures());
      UNet unet = loadUnet(manager);
      networks =
          captions instanceof LearningTextEncoder text
              ? new AdaptedNetworks(unet, text.encoder())
              : new AdaptedNetworks(unet, null);
      TrainedAdapters adapters = networks.newAdapters(options, names, random, manager);
      networks.attach(adapters);
      try (LoraLearner learning = new LoraLearner(adapters, options, precision);
          SamplePictures samples = new SamplePictures(options, networks, learning)) {
        learner = learning;
        requireSpace();
        if (saved != null) {
          resume(manager);
        }
        folder.writeHyperparameters(options.hyperparameters());
        folder.writeMetrics(history);
        events = EventFile.create(folder.folder(), saved == null ? 0 : saved.step() + 1);
        batches = new Batches(captions, options, schedule.numTrainTimesteps(), downscale);
        if (saved != null) {
          batches.restore(saved.numbers());
        }
        DenoisingLoss loss =
            new DenoisingLoss(
                unet, schedule, options.lossWeighting, precision, options.gradientCheckpointing);
        List<DenoisingLoss.Batch> validation =
            heldBack.isEmpty()
                ? List.of()
                : batches.fixed(heldBack, VALIDATION_TIMESTEPS, options.seed, manager);
        run(loss, validation, samples, work, manager);
      }
    }
    return result();
  }

  private Precision precision(NDManager manager) {
    Precision precision = precision(options.precision, manager.getDevice());
    if (precision == Precision.BFLOAT16 && !options.precision.startsWith("bf16")) {
      listener.notice(
          "On a CPU, precision "
              + options.precision
              + " is computed as bf16-mixed, as Lightning does; its loss needs no scaling.");
    }
    return precision;
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

  private UNet loadUnet(NDManager manager) {
    try (Work work = options.preparing("载入 UNet (loading the UNet)", "", 0)) {
      Work.check();
      return UNet.load(
          UNetConfig.read(options.model.unetConfigFolder()),
          options.model.unet(),
          manager,
          plan().unet().loading());
    }
  }

  private CaptionEncodings encodeCaptions(Set<String> captions, NDManager manager) {
    return options.trainTextEncoder
        ? LearningTextEncoder.load(captions, options, manager)
        : CachedCaptions.encode(captions, options, plan().textEncoder().loading(), manager);
  }

  /**
   * How the networks, one at a time, fit into what memory is free by now: in float32, or as the
   * file has them, or from disk. They compute in float32 from weights in any type.
   */
  private MemoryPlan plan() {
    return KolorsPipeline.options().precision("fp32").plan(options.model);
  }

  private void run(
      DenoisingLoss loss,
      List<DenoisingLoss.Batch> validation,
      SamplePictures samples,
      Work work,
      NDManager manager) {
    LearningRate rates = options.learningRates();
    long total = options.updates();
    long first = first();
    if (first < total) {
      lookBeforehand(loss, validation, samples);
    }
    work.before(first);
    long start = System.nanoTime();
    long step = first;
    boolean stopped = first == total;
    while (!stopped) {
      double rate = rates.at(step);
      float value = backward(loss, step, manager);
      step++;
      double norm = learner.step(step, rate);
      value = requireNumbers(value, norm, step);

      boolean last = step == total;
      stopped = last || options.stopWhen.getAsBoolean() || work.stopRequested();
      float validated =
          !validation.isEmpty() && (last || !stopped && step % options.validateEvery == 0)
              ? validate(loss, validation, step)
              : Float.NaN;
      long epoch = (step - 1) / options.updatesPerEpoch();
      record(new LossHistory.Row(step, epoch, value, validated, rate));
      boolean asked = options.checkpointEvery > 0 && step % options.checkpointEvery == 0;
      if (stopped || asked || step % options.updatesPerEpoch() == 0) {
        save(epoch, step);
      }
      report(step, first, epoch, value, rate, norm, System.nanoTime() - start);
      work.advanceTo(step, String.format(Locale.ROOT, "loss %.4f", history.smoothed()));
      if (options.sampleEvery > 0 && (last || !stopped && step % options.sampleEvery == 0)) {
        sample(samples, step);
      }
    }
  }

  /** What the model can without the steps to come; or what a run left out when it was stopped. */
  private void lookBeforehand(
      DenoisingLoss loss, List<DenoisingLoss.Batch> validation, SamplePictures samples) {
    long first = first();
    try (Work work = options.preparing("第一步之前 (before the first step)", "", 0)) {
      boolean due = !validation.isEmpty() && first % options.validateEvery == 0;
      if (due && !history.isValidated(first)) {
        float validated = validate(loss, validation, first);
        long epoch = Math.max(0, first - 1) / options.updatesPerEpoch();
        record(new LossHistory.Row(first, epoch, Float.NaN, validated, Double.NaN));
      }
      if (first == 0 && options.sampleEvery > 0) {
        sample(samples, 0);
      }
      Work.check();
    }
  }

  /** How many steps an earlier part of this run has made. */
  private long first() {
    return saved == null ? 0 : saved.step();
  }

  /** A picture of what was learned until now; at step 0, of what the model draws without it. */
  private void sample(SamplePictures samples, long step) {
    samples
        .paint(step)
        .ifPresent(
            picture -> {
              events.picture("sample", step, picture);
              listener.sample(step, picture);
            });
  }

  /** The gradients of one step, from one or several batches; gives the mean loss. */
  private float backward(DenoisingLoss loss, long step, NDManager manager) {
    long done = step % options.updatesPerEpoch() * options.accumulateGradBatches;
    long count = Math.min(options.accumulateGradBatches, options.stepsPerEpoch - done);
    // Lightning divides by the full number, also where an epoch ends before it is reached.
    double share = 1.0 / options.accumulateGradBatches;
    double sum = 0;
    for (long i = 0; i < count; i++) {
      try (NDManager scope = manager.newSubManager()) {
        sum += loss.backward(batches.draw(pictures, random, scope), share, learner.lossScale());
      }
    }
    return (float) (sum / (share * count));
  }

  /**
   * In float16 a loss or gradient that is no number makes the scale smaller, not the training fail,
   * unless a small scale does not help.
   */
  private float requireNumbers(float loss, double norm, long step) {
    boolean skipped = Double.isInfinite(norm) && learner.lossScale() >= 1;
    if (learner.scalesLoss() && skipped) {
      return Float.isNaN(loss) ? Float.POSITIVE_INFINITY : loss;
    }
    requireNumber(loss, "loss", step);
    requireNumber(norm, "gradient", step);
    return loss;
  }

  private float validate(DenoisingLoss loss, List<DenoisingLoss.Batch> batches, long step) {
    double sum = 0;
    int count = 0;
    networks.attach(learner.result());
    try (Work work = Work.begin("验证 (validation)", "batches", batches.size())) {
      for (DenoisingLoss.Batch batch : batches) {
        Work.check();
        sum += (double) loss.evaluate(batch) * batch.timesteps().length;
        count += batch.timesteps().length;
        work.advance();
      }
    }
    networks.attach(learner.adapters());
    float mean = (float) (sum / count);
    listener.validation(step, mean);
    return mean;
  }

  private void record(LossHistory.Row row) {
    history.add(row);
    folder.appendMetrics(row);
    scalar("train_loss", row.step(), row.trainLoss());
    scalar("val_loss", row.step(), row.validationLoss());
    scalar("learning_rate", row.step(), (float) row.learningRate());
    if (learner.scalesLoss()) {
      scalar("loss_scale", row.step(), (float) learner.lossScale());
    }
  }

  private void scalar(String tag, long step, float value) {
    if (!Float.isNaN(value)) {
      events.scalar(tag, step, value);
    }
  }

  private void report(
      long step, long first, long epoch, double loss, double rate, double norm, long nanos) {
    Duration elapsed = Duration.ofNanos(nanos);
    long total = options.updates();
    listener.step(
        new TrainingProgress(
            step,
            total,
            epoch,
            loss,
            history.smoothed(),
            rate,
            norm,
            elapsed,
            elapsed.multipliedBy(total - step).dividedBy(step - first)));
  }

  private void requireNumber(double value, String what, long step) {
    if (!Double.isFinite(value)) {
      throw new TrainingException(
          "The %s is %s at step %d: the training has diverged. %s Try a lower learning rate (it is %s), a gradientClipNorm of 1, or look for odd pictures."
              .formatted(
                  what,
                  value,
                  step,
                  checkpoint == null
                      ? "No checkpoint was written yet."
                      : "The last good checkpoint is " + checkpoint + ".",
                  options.learningRate()));
    }
  }

  private void save(long epoch, long step) {
    Path file = folder.checkpoint(epoch, step);
    Map<String, Double> numbers = new LinkedHashMap<>(learner.numbers());
    numbers.putAll(batches.numbers());
    SavedTraining state =
        new SavedTraining(
            folder.stateFile(),
            step,
            options.hyperparameters(),
            step == options.updates(),
            pictures.size(),
            numbers,
            random,
            history);
    TrainedAdapters result = learner.result();
    uninterrupted(
        () -> {
          LoraFile.write(file, result.unet(), LoraFormat.DIFFSYNTH, names);
          if (result.textEncoder() != null) {
            LoraFile.writeTextEncoder(RunFolder.textEncoder(file), result.textEncoder());
          }
          state.write(learner.arrays());
        });
    checkpoint = file;
    listener.checkpoint(step, file);
  }

  /**
   * Writes although the thread is interrupted, which would close the file under it; the thread is
   * interrupted again afterwards. Writing twice does no harm: files are moved into place when
   * whole.
   */
  private static void uninterrupted(Runnable write) {
    boolean interrupted = Thread.interrupted();
    try {
      write.run();
    } catch (RuntimeException e) {
      if (!Thread.interrupted()) {
        throw e;
      }
      interrupted = true;
      write.run();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void resume(NDManager manager) {
    if (saved.pictures() != pictures.size()) {
      throw new TrainingException(
          "The run in %s was trained on %d pictures, but %s has %d now: it cannot go on as it began."
              .formatted(folder.folder(), saved.pictures(), options.dataset, pictures.size()));
    }
    saved.requireWithin(options.updates());
    learner.restore(saved, manager);
    random = saved.random();
    history = saved.history();
    long epoch = (saved.step() - 1) / options.updatesPerEpoch();
    checkpoint = folder.checkpoint(epoch, saved.step());
    listener.notice("Going on after step " + saved.step() + " of " + options.updates() + ".");
  }

  private List<EncodedPictures.Picture> holdBack(List<EncodedPictures.Picture> all) {
    pictures = new ArrayList<>(all);
    if (options.validateEvery == 0 || options.heldBack == 0) {
      return List.of();
    }
    TrainingChecks.requireFewerHeldBack(options, all.size());
    List<EncodedPictures.Picture> heldBack = new ArrayList<>();
    long[] order = random.randperm(all.size());
    for (int i = 0; i < options.heldBack; i++) {
      heldBack.add(all.get((int) order[i]));
    }
    pictures.removeAll(heldBack);
    return heldBack;
  }

  private void requireSpace() {
    long adapterBytes = bytes(learner.adapters().parameters());
    long checkpoints = options.maxEpochs;
    if (options.checkpointEvery > 0) {
      checkpoints += options.updates() / options.checkpointEvery;
    }
    // The old state stays until the new one is whole.
    folder.requireSpace(
        adapterBytes * checkpoints + 2 * bytes(learner.arrays()) + (1 << 20), listener::notice);
  }

  private static long bytes(Map<String, NDArray> arrays) {
    return arrays.values().stream()
        .mapToLong(array -> array.size() * array.getDataType().getNumOfBytes())
        .sum();
  }

  /**
   * Without a size of its own, a training takes the one that the model was made for.
   *
   * @return how many pixels of a picture's side are one latent
   */
  private int chooseSize() {
    AutoencoderConfig vae = AutoencoderConfig.read(options.model.vaeConfigFolder());
    if (options.height == 0 || options.width == 0) {
      int size = UNetConfig.read(options.model.unetConfigFolder()).sampleSize() * vae.downscale();
      options.height = options.height == 0 ? size : options.height;
      options.width = options.width == 0 ? size : options.width;
    }
    options.checkSize(vae.downscale());
    return vae.downscale();
  }

  private SchedulerConfig scheduler() {
    Path file = options.model.scheduler().resolve("scheduler_config.json");
    try {
      return SchedulerConfig.read(file);
    } catch (IOException e) {
      throw new TrainingException("Cannot read the noise schedule in " + file + ": " + e, e);
    } catch (IllegalArgumentException e) { // which names the file
      throw new TrainingException(e.getMessage(), e);
    }
  }

  private LoraRun result() {
    Map<Long, Float> validations = new LinkedHashMap<>();
    history.validations().forEach(row -> validations.put(row.step(), row.validationLoss()));
    List<Float> losses = history.losses();
    return new LoraRun(
        checkpoint,
        folder.folder(),
        losses.size() == options.updates(),
        losses.size(),
        losses,
        validations,
        history.table());
  }
}
