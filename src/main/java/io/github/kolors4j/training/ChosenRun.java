package io.github.kolors4j.training;

import static io.github.kolors4j.internal.training.TrainingTable.*;

import io.github.kolors4j.internal.files.LockFile;
import io.github.kolors4j.internal.training.TrainingOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where a training writes.
 *
 * @param saved what an earlier part of the same run has left to go on from; nothing for a new run
 * @param lock keeps other trainings out of the folder
 */
record ChosenRun(RunFolder folder, Optional<SavedTraining> saved, LockFile lock)
    implements AutoCloseable {

  /**
   * The run to go on with, if the settings ask for one and it has the same settings; otherwise a
   * new one.
   *
   * @throws TrainingException if a certain run is to go on and cannot, or the run is still at work
   */
  static ChosenRun of(
      TrainingOptions options,
      Map<String, Object> hyperparameters,
      Optional<Path> resumedRun,
      TrainingObserver observer) {
    boolean resume = options.get(RESUME);
    Path output = options.get(OUTPUT_PATH);
    Optional<RunFolder> candidate =
        resumedRun
            .map(RunFolder::new)
            .or(() -> resume ? RunFolder.latest(output) : Optional.empty());
    if (resume && candidate.isPresent() && !Files.exists(candidate.get().stateFile())) {
      observer.notice(
          "The newest run, %s, has no checkpoint to go on from; a new one begins."
              .formatted(candidate.get().folder()));
    }
    if (candidate.isPresent()
        && (resumedRun.isPresent() || Files.exists(candidate.get().stateFile()))) {
      SavedTraining found = SavedTraining.read(candidate.get().stateFile());
      Set<String> differences = found.differences(hyperparameters);
      if (differences.isEmpty() && (resumedRun.isPresent() || !found.finished())) {
        return goingOn(candidate.get(), observer);
      }
      if (resumedRun.isPresent()) {
        throw new TrainingException(
            "The run in %s has other settings (%s), so it cannot go on as it began. Give the same ones, which are in its hparams.yaml."
                .formatted(resumedRun.get(), String.join(", ", differences)));
      }
      observer.notice(
          found.finished()
              ? "The newest run is finished; a new one begins."
              : "The newest run has other settings (%s); a new one begins."
                  .formatted(String.join(", ", differences)));
    }
    RunFolder created = RunFolder.create(output);
    return new ChosenRun(created, Optional.empty(), created.lock(observer::notice));
  }

  /** What was saved is read again: until the lock was taken, the run may have been at work. */
  private static ChosenRun goingOn(RunFolder folder, TrainingObserver observer) {
    LockFile lock = folder.lock(observer::notice);
    try {
      return new ChosenRun(folder, Optional.of(SavedTraining.read(folder.stateFile())), lock);
    } catch (RuntimeException e) {
      close(lock);
      throw e;
    }
  }

  private static void close(LockFile lock) {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    close(lock);
  }
}
