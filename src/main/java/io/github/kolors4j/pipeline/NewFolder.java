package io.github.kolors4j.pipeline;

import io.github.kolors4j.weights.WeightsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Writes a folder aside and moves it into place when it is whole. */
final class NewFolder {

  private static final long SMALL = 10_000_000;

  private NewFolder() {}

  /** What fills the folder. */
  @FunctionalInterface
  interface Content {
    void writeTo(Path folder);
  }

  /**
   * @param target must not exist, or be empty
   * @throws WeightsException if it exists, or the disk refuses
   */
  static void write(Path target, Content content) {
    Path absolute = target.toAbsolutePath().normalize();
    Path aside = null;
    try {
      requireFree(absolute);
      Files.createDirectories(absolute.getParent());
      aside = Files.createTempDirectory(absolute.getParent(), "." + absolute.getFileName() + ".");
      content.writeTo(aside);
      aside.toFile().setReadable(true, false); // temporary folders are their owner's alone
      aside.toFile().setExecutable(true, false);
      Files.deleteIfExists(absolute);
      Files.move(aside, absolute);
    } catch (IOException | UncheckedIOException e) {
      throw new WeightsException(
          target + " could not be written: " + e.getMessage() + ". Is the disk full or read-only?",
          e);
    } finally {
      delete(aside);
    }
  }

  private static void requireFree(Path target) throws IOException {
    if (!Files.exists(target)) {
      return;
    }
    if (Files.isDirectory(target)) {
      try (Stream<Path> entries = Files.list(target)) {
        if (entries.findAny().isEmpty()) {
          return;
        }
      }
    }
    throw new WeightsException(
        target + " is there already: give the folder another name, or move the old one away.");
  }

  /**
   * Copies a file or a folder. Big files get a second name instead, where the disk allows; small
   * ones are what a person may edit, which must not change the original.
   */
  static void share(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = file.equals(from) ? to : to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Path real = file.toRealPath(); // Python's caches are full of symbolic links
        if (Files.size(real) < SMALL || !link(real, target)) {
          Files.copy(real, target);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean link(Path real, Path target) throws IOException {
    try {
      Files.createLink(target, real);
      return true;
    } catch (UnsupportedOperationException | FileSystemException e) {
      return false; // another disk, or one that knows no links
    }
  }

  private static void delete(Path folder) {
    if (folder == null || !Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      // The error that left it behind is the one to report.
    }
  }
}
