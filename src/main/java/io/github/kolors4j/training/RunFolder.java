package io.github.kolors4j.training;

import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.internal.files.FreeSpace;
import io.github.kolors4j.internal.files.LockFile;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * What a run leaves on the disk, laid out as PyTorch Lightning does: {@code
 * lightning_logs/version_N} with {@code hparams.yaml}, {@code metrics.csv}, {@code
 * checkpoints/epoch=E-step=S.ckpt}, TensorBoard's event files, and besides {@code
 * training_state.safetensors} to resume from.
 */
record RunFolder(Path folder) {
  private static final String LOGS = "lightning_logs";
  private static final String VERSION = "version_";
  private static final String LOCK = ".lock";

  /**
   * Makes the next free {@code version_N}.
   *
   * @throws TrainingException if the output folder cannot be written to
   */
  static RunFolder create(Path output) {
    Path logs = output.resolve(LOGS);
    try {
      Files.createDirectories(logs);
      for (long number = latestNumber(logs).orElse(-1) + 1; ; number++) {
        Path folder = logs.resolve(VERSION + number);
        try {
          Files.createDirectory(folder);
          Files.createDirectory(folder.resolve("checkpoints"));
          return new RunFolder(folder);
        } catch (FileAlreadyExistsException e) {
          continue; // another training was faster
        }
      }
    } catch (IOException e) {
      throw new TrainingException(
          "The output folder %s cannot be written to (%s). Choose another with outputPath."
              .formatted(output.toAbsolutePath(), e),
          e);
    }
  }

  /** The newest run in an output folder. */
  static Optional<RunFolder> latest(Path output) {
    Path logs = output.resolve(LOGS);
    try {
      OptionalLong number = Files.isDirectory(logs) ? latestNumber(logs) : OptionalLong.empty();
      return number.isPresent()
          ? Optional.of(new RunFolder(logs.resolve(VERSION + number.getAsLong())))
          : Optional.empty();
    } catch (IOException e) {
      throw new TrainingException("Cannot look for runs in " + logs + ": " + e, e);
    }
  }

  private static OptionalLong latestNumber(Path logs) throws IOException {
    try (Stream<Path> listing = Files.list(logs)) {
      return listing
          .map(path -> path.getFileName().toString())
          .filter(name -> name.matches(VERSION + "\\d{1,9}"))
          .mapToLong(name -> Long.parseLong(name.substring(VERSION.length())))
          .max();
    }
  }

  /** The checkpoint's file after a number of steps. */
  Path checkpoint(long epoch, long step, String ending) {
    return folder.resolve("checkpoints").resolve("epoch=" + epoch + "-step=" + step + ending);
  }

  /** Where the text encoder's adapter is kept, beside the UNet's checkpoint. */
  static Path textEncoder(Path checkpoint) {
    String name = checkpoint.getFileName().toString().replaceFirst("\\.ckpt$", "");
    return checkpoint.resolveSibling(name + ".text_encoder.safetensors");
  }

  Path stateFile() {
    return folder.resolve("training_state.safetensors");
  }

  /**
   * @param notices hears it if the system does not say how much room there is
   * @throws TrainingException if the disk has less room than the run will need
   */
  void requireSpace(long bytes, Consumer<String> notices) {
    OptionalLong free = FreeSpace.of(folder);
    long needed = (bytes >> 20) + 1;
    if (free.isEmpty()) {
      notices.accept(
          "The system does not say how much room %s has: the checkpoints will take %,d MB."
              .formatted(folder.toAbsolutePath(), needed));
    } else if (free.getAsLong() < bytes) {
      throw tooLittleSpace(folder, free.getAsLong(), bytes);
    }
  }

  static TrainingException tooLittleSpace(Path folder, long free, long needed) {
    return new TrainingException(
        "The disk of %s has %,d MB left, but the checkpoints will take %,d MB. Make room, or choose another folder with outputPath."
            .formatted(folder.toAbsolutePath(), free >> 20, (needed >> 20) + 1));
  }

  /**
   * Keeps other trainings out of this folder, until the lock is closed or the process ends.
   *
   * @param notices hears it if the disk knows no locks
   * @throws TrainingException if another training is at work in it
   */
  LockFile lock(Consumer<String> notices) {
    Path file = folder.resolve(LOCK);
    try {
      return LockFile.tryTake(
              file,
              reason ->
                  notices.accept(
                      "The disk of %s knows no locks (%s): do not go on with this run from two notebooks at once."
                          .formatted(folder.toAbsolutePath(), reason)))
          .orElseThrow(
              () ->
                  new TrainingException(
                      "The run in %s is still at work, in another notebook or program%s: two trainings would overwrite each other's checkpoints. Stop that one first, or train without resume, which begins a new run."
                          .formatted(
                              folder.toAbsolutePath(),
                              LockFile.holder(file)
                                  .map(holder -> " (" + holder + ")")
                                  .orElse(""))));
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  void writeHyperparameters(Map<String, Object> values) {
    DumperOptions style = new DumperOptions();
    style.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    style.setAllowUnicode(true);
    write(folder.resolve("hparams.yaml"), new Yaml(style).dump(values));
  }

  /** Replaces {@code metrics.csv} by everything measured so far. */
  void writeMetrics(LossHistory history) {
    write(metrics(), history.csv());
  }

  /** Adds a row to {@code metrics.csv}. */
  void appendMetrics(LossHistory.Row row) {
    // A channel would be closed for good by an interrupt, which is how a training is stopped.
    try (OutputStream out = new FileOutputStream(metrics().toFile(), true)) {
      out.write(row.csv().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw cannotWrite(metrics(), e);
    }
  }

  private Path metrics() {
    return folder.resolve("metrics.csv");
  }

  private static void write(Path file, String text) {
    try {
      AtomicFile.writeText(file, text);
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  static TrainingException cannotWrite(Path file, IOException e) {
    return new TrainingException(
        "Cannot write %s (%s). Is the disk full? What was saved before is still there."
            .formatted(file, e.getMessage()),
        e);
  }
}
