package io.github.kolors4j.training;

import io.github.kolors4j.internal.files.LockFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.Set;

/**
 * Where a training writes.
 *
 * @param saved what an earlier part of the same run has left to go on from, or null for a new run
 * @param lock keeps other trainings out of the folder
 */
record ChosenRun(RunFolder folder, SavedTraining saved, LockFile lock) implements AutoCloseable {

  /**
   * The run to go on with, if the settings ask for one and it has the same settings; otherwise a
   * new one.
   *
   * @throws TrainingException if a certain run is to go on and cannot, or the run is still at work
   */
  static ChosenRun of(LoraOptions options) {
    Optional<RunFolder> candidate =
        options.resumeFrom != null
            ? Optional.of(new RunFolder(options.resumeFrom))
            : options.resume ? RunFolder.latest(options.outputPath) : Optional.empty();
    if (options.resume && candidate.isPresent() && !Files.exists(candidate.get().stateFile())) {
      options.listener.notice(
          "The newest run, %s, has no checkpoint to go on from; a new one begins."
              .formatted(candidate.get().folder()));
    }
    if (candidate.isPresent()
        && (options.resumeFrom != null || Files.exists(candidate.get().stateFile()))) {
      SavedTraining found = SavedTraining.read(candidate.get().stateFile());
      Set<String> differences = found.differences(options.hyperparameters());
      if (differences.isEmpty() && (options.resumeFrom != null || !found.finished())) {
        return goingOn(candidate.get(), options);
      }
      if (options.resumeFrom != null) {
        throw new TrainingException(
            "The run in %s has other settings (%s), so it cannot go on as it began. Give the same ones, which are in its hparams.yaml."
                .formatted(options.resumeFrom, String.join(", ", differences)));
      }
      options.listener.notice(
          found.finished()
              ? "The newest run is finished; a new one begins."
              : "The newest run has other settings (%s); a new one begins."
                  .formatted(String.join(", ", differences)));
    }
    RunFolder created = RunFolder.create(options.outputPath);
    return new ChosenRun(created, null, created.lock(options.listener::notice));
  }

  /** What was saved is read again: until the lock was taken, the run may have been at work. */
  private static ChosenRun goingOn(RunFolder folder, LoraOptions options) {
    LockFile lock = folder.lock(options.listener::notice);
    try {
      return new ChosenRun(folder, SavedTraining.read(folder.stateFile()), lock);
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
