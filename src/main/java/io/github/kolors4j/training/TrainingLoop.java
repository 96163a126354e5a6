package io.github.kolors4j.training;

import static io.github.kolors4j.internal.training.TrainingTable.*;

import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.progress.Work;
import io.github.kolors4j.internal.training.LearningRate;
import io.github.kolors4j.internal.training.TrainingOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The last of three parts of a training: step after step, until all are made or it is stopped. */
final class TrainingLoop {
  private final TrainingSession session;
  private final TrainingObserver observer;
  private final Work work;

  private final Learner learner;
  private final LossHistory history;
  private final RunFolder folder;

  /** How many steps there are, in all and in an epoch, and how many an earlier part has made. */
  private final long total;

  private final long perEpoch;
  private final long first;

  private final long validateEvery;
  private final long checkpointEvery;

  /** Of the checkpoints' names. */
  private final String ending;

  /** The newest; null before the first. */
  private @Nullable Path checkpoint;

  TrainingLoop(TrainingSession session, TrainingObserver observer, Work work) {
    this.session = session;
    this.observer = observer;
    this.work = work;
    learner = session.learner;
    history = session.history;
    folder = session.folder();
    TrainingOptions options = session.options();
    total = options.updates();
    perEpoch = options.updatesPerEpoch();
    validateEvery = options.get(VALIDATE_EVERY);
    checkpointEvery = options.get(CHECKPOINT_EVERY);
    first = session.saved().map(SavedTraining::step).orElse(0L);
    ending = session.prepared().kind().ending();
    checkpoint = session.saved().map(s -> checkpoint(first)).orElse(null);
  }

  LoraRun run() {
    LearningRate rates = session.options().learningRates();
    if (first < total) {
      lookBeforehand();
    }
    work.before(first);
    long start = System.nanoTime();
    long step = first;
    boolean stopped = first == total;
    while (!stopped) {
      double rate = rates.at(step);
      float raw = backward(step);
      step++;
      double norm = learner.step(step, rate);
      float loss = requireNumbers(raw, norm, step);

      boolean last = step == total;
      stopped = last || observer.stopWhen().getAsBoolean() || work.stopRequested();
      boolean due = validates() && (last || !stopped && step % validateEvery == 0);
      float validation = due ? validate(step) : Float.NaN;
      record(new LossHistory.Row(step, epoch(step), loss, validation, rate));
      boolean asked = checkpointEvery > 0 && step % checkpointEvery == 0;
      if (stopped || asked || step % perEpoch == 0) {
        save(step);
      }
      report(step, loss, rate, norm, System.nanoTime() - start);
      work.advanceTo(step, String.format(Locale.ROOT, "loss %.4f", history.smoothed()));
      if (session.samples.areWanted() && (last || !stopped && session.samples.isDue(step))) {
        sample(step);
      }
    }
    return result();
  }

  /** The epoch of a step, from 0. */
  private long epoch(long step) {
    return Math.max(0, step - 1) / perEpoch;
  }

  private Path checkpoint(long step) {
    return folder.checkpoint(epoch(step), step, ending);
  }

  private boolean validates() {
    return !session.validation.isEmpty();
  }

  /** What the model can without the steps to come; or what a run left out when it was stopped. */
  private void lookBeforehand() {
    try (Work before = observer.preparing("第一步之前 (before the first step)", "", 0)) {
      if (validates() && first % validateEvery == 0 && !history.isValidated(first)) {
        float validation = validate(first);
        record(new LossHistory.Row(first, epoch(first), Float.NaN, validation, Double.NaN));
      }
      if (first == 0 && session.samples.areWanted()) {
        sample(0);
      }
      Work.check();
    }
  }

  /**
   * The gradients of one step, from one or several batches.
   *
   * @param made how many steps were made before
   * @return the mean loss
   */
  private float backward(long made) {
    long accumulated = session.options().get(ACCUMULATE_GRAD_BATCHES);
    long done = made % perEpoch * accumulated;
    long left = session.options().get(STEPS_PER_EPOCH) - done;
    long count = Math.min(accumulated, left);
    // Lightning divides by the full number, also where an epoch ends before it is reached.
    double share = 1.0 / accumulated;
    double sum = 0;
    for (long i = 0; i < count; i++) {
      try (NDManager scope = session.manager.newSubManager()) {
        DenoisingLoss.Batch batch = session.batches.draw(session.pictures, session.random, scope);
        learner.adapter().beginBatch(session.random);
        sum += session.loss.backward(batch, share, learner.lossScale());
        learner.adapter().endBatch();
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
                  session.options().learningRate()));
    }
  }

  private float validate(long step) {
    double sum = 0;
    int count = 0;
    session.networks.attach(learner.result());
    try (Work validating = Work.begin("验证 (validation)", "batches", session.validation.size())) {
      for (DenoisingLoss.Batch batch : session.validation) {
        Work.check();
        sum += (double) session.loss.evaluate(batch) * batch.timesteps().length;
        count += batch.timesteps().length;
        validating.advance();
      }
    }
    session.networks.attach(learner.adapter());
    float mean = (float) (sum / count);
    observer.listener().validation(step, mean);
    return mean;
  }

  private void record(LossHistory.Row row) {
    history.add(row);
    folder.appendMetrics(row);
    curve("train_loss", row.step(), row.trainLoss());
    curve("val_loss", row.step(), row.validationLoss());
    curve("learning_rate", row.step(), (float) row.learningRate());
    if (learner.scalesLoss()) {
      curve("loss_scale", row.step(), (float) learner.lossScale());
    }
  }

  private void curve(String tag, long step, float value) {
    if (!Float.isNaN(value)) {
      session.events.scalar(tag, step, value);
    }
  }

  private void save(long step) {
    Path file = checkpoint(step);
    Map<String, Double> numbers = new LinkedHashMap<>(learner.numbers());
    numbers.putAll(session.batches.numbers());
    SavedTraining state =
        new SavedTraining(
            folder.stateFile(),
            step,
            session.prepared().hyperparameters(),
            step == total,
            session.pictures.size(),
            numbers,
            session.random,
            history);
    uninterrupted(
        () -> {
          learner.result().write(file, step);
          state.write(learner.arrays());
        });
    checkpoint = file;
    observer.listener().checkpoint(step, file);
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

  private void report(long step, double loss, double rate, double norm, long nanos) {
    Duration elapsed = Duration.ofNanos(nanos);
    observer
        .listener()
        .step(
            new TrainingProgress(
                step,
                total,
                epoch(step),
                loss,
                history.smoothed(),
                rate,
                norm,
                elapsed,
                elapsed.multipliedBy(total - step).dividedBy(step - first)));
  }

  /** A picture of what was learned until now; at step 0, of what the model draws without it. */
  private void sample(long step) {
    session
        .samples
        .paint(step)
        .ifPresent(
            picture -> {
              session.events.picture("sample", step, picture);
              observer.listener().sample(step, picture);
            });
  }

  private LoraRun result() {
    Map<Long, Float> validations = new LinkedHashMap<>();
    history.validations().forEach(row -> validations.put(row.step(), row.validationLoss()));
    List<Float> losses = history.losses();
    return new LoraRun(
        Objects.requireNonNull(checkpoint), // the last step made one
        folder.folder(),
        losses.size() == total,
        losses.size(),
        losses,
        validations,
        history.table());
  }
}
