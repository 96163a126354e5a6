package io.github.kolors4j.juicer;

import io.github.kolors4j.files.AsideName;
import io.github.kolors4j.files.AtomicFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a result. They are written aside, and put into place when all of them are complete,
 * so that a full disk or a killed run leaves an older result as it was, and never half a new one.
 */
final class ResultFiles implements AutoCloseable {
  private static final String ASIDE = ".part";
  private static final int BUFFER = 1 << 16;

  /** How a file is opened for writing. */
  @FunctionalInterface
  interface Opening {
    OutputStream open(Path file) throws IOException;
  }

  private final Opening opening;
  private final Map<Path, Path> aside = new LinkedHashMap<>();
  private final Set<Path> outdated = new LinkedHashSet<>();

  /** No files yet. */
  ResultFiles(Opening opening) {
    this.opening = opening;
  }

  /**
   * Writes a file aside.
   *
   * @throws RecipeException if the disk refuses
   */
  void write(Path target, AtomicFile.Content content) {
    try {
      Files.createDirectories(target.getParent());
      Path part = AsideName.newFile(target);
      aside.put(target, part);
      try (OutputStream out = new BufferedOutputStream(opening.open(part), BUFFER)) {
        content.writeTo(out);
      }
    } catch (UncheckedIOException e) {
      throw refused(target, e.getCause());
    } catch (IOException e) {
      throw refused(target, e);
    }
  }

  /** Deletes a file of an earlier result, when the others are put into place. */
  void remove(Path target) {
    outdated.add(target);
  }

  /** Puts all files into place. */
  void putIntoPlace() {
    aside.forEach(
        (target, part) -> {
          try {
            AtomicFile.putIntoPlace(part, target);
          } catch (IOException e) {
            throw refused(target, e);
          }
        });
    aside.clear();
    for (Path file : outdated) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw refused(file, e);
      }
    }
  }

  private static RecipeException refused(Path target, IOException e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new RecipeException(
        "The result %s cannot be written: %s. The data set is as it was, and so is an earlier result, if there is one."
            .formatted(target, reason),
        e);
  }

  /** Deletes what was written aside and not put into place. */
  @Override
  public void close() {
    for (Path part : aside.values()) {
      delete(part);
    }
  }

  /** Deletes what a killed run has left aside in a folder, of files whose names match. */
  static void sweep(Path folder, Pattern names) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> left;
    try (Stream<Path> files = Files.list(folder)) {
      left = files.filter(file -> isAside(file.getFileName().toString(), names)).toList();
    } catch (IOException e) {
      return; // It only tidies up: what matters will fail with a message of its own.
    }
    left.forEach(ResultFiles::delete);
  }

  private static boolean isAside(String name, Pattern names) {
    return name.startsWith(".")
        && name.endsWith(ASIDE)
        && names.matcher(name.substring(1).replaceFirst("\\.\\d+\\.part$", "")).matches();
  }

  private static void delete(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      // The next run tries again.
    }
  }
}
