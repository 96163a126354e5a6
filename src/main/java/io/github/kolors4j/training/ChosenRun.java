package io.github.kolors4j.training;

import java.nio.file.Files;
import java.util.Optional;
import java.util.Set;

/**
 * Where a training writes.
 *
 * @param saved what an earlier part of the same run has left to go on from, or null for a new run
 */
record ChosenRun(RunFolder folder, SavedTraining saved) {

  /**
   * The run to go on with, if the settings ask for one and it has the same settings; otherwise a
   * new one.
   *
   * @throws TrainingException if a certain run is to go on and cannot
   */
  static ChosenRun of(LoraOptions options) {
    Optional<RunFolder> candidate =
        options.resumeFrom != null
            ? Optional.of(new RunFolder(options.resumeFrom))
            : options.resume ? RunFolder.latest(options.outputPath) : Optional.empty();
    if (candidate.isPresent()
        && (options.resumeFrom != null || Files.exists(candidate.get().stateFile()))) {
      SavedTraining found = SavedTraining.read(candidate.get().stateFile());
      Set<String> differences = found.differences(options.hyperparameters());
      if (differences.isEmpty() && (options.resumeFrom != null || !found.finished())) {
        return new ChosenRun(candidate.get(), found);
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
    return new ChosenRun(RunFolder.create(options.outputPath), null);
  }
}
