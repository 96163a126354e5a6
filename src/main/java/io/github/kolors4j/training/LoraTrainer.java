package io.github.kolors4j.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.dataset.CaptionedImages;
import io.github.kolors4j.lora.LoraAdapters;
import io.github.kolors4j.lora.LoraFile;
import io.github.kolors4j.lora.LoraFormat;
import io.github.kolors4j.lora.LoraWeights;
import io.github.kolors4j.lora.UNetLayout;
import io.github.kolors4j.lora.UNetNames;
import io.github.kolors4j.model.AutoencoderConfig;
import io.github.kolors4j.model.UNet;
import io.github.kolors4j.model.UNetConfig;
import io.github.kolors4j.pipeline.GenerationStoppedException;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.scheduler.NoiseSchedule;
import io.github.kolors4j.scheduler.SchedulerConfig;
import io.github.kolors4j.tensor.TorchRandom;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One run of a {@link LoraTraining}, from the settings to the last checkpoint. */
final class LoraTrainer {
  /** The norm of all gradients is computed even if nothing limits it. */
  private static final double NO_LIMIT = 1e30;

  private static final int VALIDATION_TIMESTEPS = 4;

  private final LoraOptions options;
  private final TrainingListener listener;
  private RunFolder folder;
  private SavedTraining saved;
  private LossHistory history = new LossHistory();
  private TorchRandom random;
  private UNetNames names;
  private LoraWeights adapter;
  private Map<String, NDArray> parameters;
  private AdamW optimiser;
  private List<EncodedPictures.Picture> pictures;
  private Path checkpoint;
  private KolorsPipeline sampling;

  LoraTrainer(LoraOptions options) {
    this.options = options;
    this.listener = options.listener;
  }

  LoraRun train() {
    options.check();
    chooseSize();
    CaptionedImages images = CaptionedImages.load(options.dataset);
    NoiseSchedule schedule = schedule();
    names = new UNetNames(UNetLayout.read(options.model.unetConfig().resolve("config.json")));
    chooseFolder();
    boolean bfloat16 = !options.precision.equals("32");
    if (bfloat16 && !options.precision.startsWith("bf16")) {
      listener.notice(
          "On a CPU, precision "
              + options.precision
              + " is computed as bf16-mixed, as Lightning does.");
    }
    random = new TorchRandom(options.seed);
    try (NDManager manager = NDManager.newBaseManager()) {
      EncodedPictures encoded = EncodedPictures.of(images, options, random, manager);
      List<EncodedPictures.Picture> heldBack = holdBack(encoded.pictures());
      UNet unet =
          UNet.load(UNetConfig.read(options.model.unetConfig()), options.model.unet(), manager);
      adapter =
          LoraParameters.gaussian(
              unet, names, options.targetModules, options.rank, options.alpha, random, manager);
      LoraAdapters.on(unet).attach("training", adapter, options.alpha, 1);
      parameters = LoraParameters.parameters(adapter);
      optimiser = new AdamW(parameters, new AdamW.Settings(0.9, 0.999, 1e-8, options.weightDecay));
      requireSpace();
      if (saved != null) {
        resume(manager);
      }
      folder.writeHyperparameters(options.hyperparameters());
      folder.writeMetrics(history);
      Batches batches = new Batches(encoded, options, schedule.numTrainTimesteps());
      DenoisingLoss loss =
          new DenoisingLoss(
              unet, schedule, options.lossWeighting, bfloat16, options.gradientCheckpointing);
      List<DenoisingLoss.Batch> validation =
          heldBack.isEmpty()
              ? List.of()
              : batches.fixed(heldBack, VALIDATION_TIMESTEPS, options.seed, manager);
      run(loss, batches, validation, manager);
    } finally {
      if (sampling != null) {
        sampling.close();
      }
    }
    return result();
  }

  private void run(
      DenoisingLoss loss,
      Batches batches,
      List<DenoisingLoss.Batch> validation,
      NDManager manager) {
    LearningRate rates = options.learningRates();
    long total = options.updates();
    long first = optimiser.steps();
    if (first == 0 && !validation.isEmpty()) {
      record(new LossHistory.Row(0, 0, Float.NaN, validate(loss, validation, 0), Double.NaN));
    }
    long start = System.nanoTime();
    boolean stopped = first == total;
    while (!stopped) {
      long step = optimiser.steps();
      double rate = rates.at(step);
      float value = backward(loss, batches, step, manager);
      requireNumber(value, "loss", step + 1);
      double norm = optimiser.step(rate, Math.min(options.gradientClipNorm, NO_LIMIT));
      requireNumber(norm, "gradient", step + 1);
      step++;

      boolean last = step == total;
      stopped = last || options.stopWhen.getAsBoolean() || Thread.currentThread().isInterrupted();
      float validated =
          !validation.isEmpty() && (last || step % options.validateEvery == 0)
              ? validate(loss, validation, step)
              : Float.NaN;
      long epoch = (step - 1) / options.updatesPerEpoch();
      record(new LossHistory.Row(step, epoch, value, validated, rate));
      boolean due = options.checkpointEvery > 0 && step % options.checkpointEvery == 0;
      if (stopped || due || step % options.updatesPerEpoch() == 0) {
        save(epoch, step);
      }
      report(step, first, epoch, value, rate, norm, System.nanoTime() - start);
      if (options.sampleEvery > 0 && (last || step % options.sampleEvery == 0)) {
        sample(step, loss.unet());
      }
    }
  }

  /** The gradients of one step, from one or several batches; gives the mean loss. */
  private float backward(DenoisingLoss loss, Batches batches, long step, NDManager manager) {
    long done = step % options.updatesPerEpoch() * options.accumulateGradBatches;
    long count = Math.min(options.accumulateGradBatches, options.stepsPerEpoch - done);
    // Lightning divides by the full number, also where an epoch ends before it is reached.
    double share = 1.0 / options.accumulateGradBatches;
    double sum = 0;
    for (long i = 0; i < count; i++) {
      try (NDManager scope = manager.newSubManager()) {
        sum += loss.backward(batches.draw(pictures, random, scope), share);
      }
    }
    return (float) (sum / (share * count));
  }

  private float validate(DenoisingLoss loss, List<DenoisingLoss.Batch> batches, long step) {
    double sum = 0;
    int count = 0;
    for (DenoisingLoss.Batch batch : batches) {
      sum += (double) loss.evaluate(batch) * batch.timesteps().length;
      count += batch.timesteps().length;
    }
    float mean = (float) (sum / count);
    listener.validation(step, mean);
    return mean;
  }

  private void sample(long step, UNet unet) {
    try {
      listener.sample(
          step,
          options.painter != null
              ? options.painter.apply(unet)
              : sampling().generate(options.samplePrompt).image());
    } catch (GenerationStoppedException e) {
      // The thread was interrupted meanwhile, which ends the training after the next step.
      listener.notice("The sample picture after step " + step + " was stopped.");
    }
  }

  /** A pipeline with the adapter as it is at any time: it shares the matrices that are trained. */
  private KolorsPipeline sampling() {
    if (sampling == null) {
      sampling = KolorsPipeline.load(options.model).withLora(adapter, options.alpha, 1);
    }
    return sampling;
  }

  private void record(LossHistory.Row row) {
    history.add(row);
    folder.appendMetrics(row);
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
                  options.learningRate));
    }
  }

  private void save(long epoch, long step) {
    Path file = folder.checkpoint(epoch, step);
    SavedTraining state =
        new SavedTraining(
            folder.stateFile(),
            step,
            options.hyperparameters(),
            step == options.updates(),
            pictures.size(),
            random,
            history);
    uninterrupted(
        () -> {
          LoraFile.write(file, adapter, LoraFormat.DIFFSYNTH, names);
          state.write(parameters, optimiser);
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

  private void chooseFolder() {
    Optional<RunFolder> candidate =
        options.resumeFrom != null
            ? Optional.of(new RunFolder(options.resumeFrom))
            : options.resume ? RunFolder.latest(options.outputPath) : Optional.empty();
    if (candidate.isPresent()
        && (options.resumeFrom != null || Files.exists(candidate.get().stateFile()))) {
      SavedTraining found = SavedTraining.read(candidate.get().stateFile());
      Set<String> differences = found.differences(options.hyperparameters());
      if (differences.isEmpty() && (options.resumeFrom != null || !found.finished())) {
        folder = candidate.get();
        saved = found;
        return;
      }
      if (options.resumeFrom != null) {
        throw new TrainingException(
            "The run in %s has other settings (%s), so it cannot go on as it began. Give the same ones, which are in its hparams.yaml."
                .formatted(options.resumeFrom, String.join(", ", differences)));
      }
      listener.notice(
          found.finished()
              ? "The newest run is finished; a new one begins."
              : "The newest run has other settings (%s); a new one begins."
                  .formatted(String.join(", ", differences)));
    }
    folder = RunFolder.create(options.outputPath);
  }

  private void resume(NDManager manager) {
    if (saved.pictures() != pictures.size()) {
      throw new TrainingException(
          "The run in %s was trained on %d pictures, but %s has %d now: it cannot go on as it began."
              .formatted(folder.folder(), saved.pictures(), options.dataset, pictures.size()));
    }
    saved.restore(parameters, optimiser, manager);
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
    if (options.heldBack >= all.size()) {
      throw new TrainingException(
          "%d pictures are to be held back for validation, but there are %d in all: hold back fewer."
              .formatted(options.heldBack, all.size()));
    }
    List<EncodedPictures.Picture> heldBack = new ArrayList<>();
    long[] order = random.randperm(all.size());
    for (int i = 0; i < options.heldBack; i++) {
      heldBack.add(all.get((int) order[i]));
    }
    pictures.removeAll(heldBack);
    return heldBack;
  }

  private void requireSpace() {
    long adapterBytes = parameters.values().stream().mapToLong(array -> 4 * array.size()).sum();
    long checkpoints = options.maxEpochs;
    if (options.checkpointEvery > 0) {
      checkpoints += options.updates() / options.checkpointEvery;
    }
    // A state holds the adapter and its two averages, and the old one stays until the new is whole.
    folder.requireSpace(adapterBytes * (checkpoints + 6) + (1 << 20));
  }

  /** Without a size of its own, a training takes the one that the model was made for. */
  private void chooseSize() {
    AutoencoderConfig vae = AutoencoderConfig.read(options.model.vaeConfig());
    if (options.height == 0 || options.width == 0) {
      int size = options.model.sampleSize() * vae.downscale();
      options.height = options.height == 0 ? size : options.height;
      options.width = options.width == 0 ? size : options.width;
    }
    options.checkSize(vae.downscale());
  }

  private NoiseSchedule schedule() {
    Path file = options.model.scheduler().resolve("scheduler_config.json");
    try {
      return new NoiseSchedule(SchedulerConfig.read(file));
    } catch (IOException e) {
      throw new TrainingException("Cannot read the noise schedule in " + file + ": " + e, e);
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
