package io.github.kolors4j.weights;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Writes a file beside its target and moves it into place, so that none is ever seen half done. */
final class WholeFile {

  private WholeFile() {}

  /** What fills the file. */
  @FunctionalInterface
  interface Content {

    void write(FileChannel channel) throws IOException;
  }

  static void write(Path target, Content content) {
    Path absolute = target.toAbsolutePath();
    Path aside = absolute.resolveSibling(absolute.getFileName() + ".part");
    try {
      Files.createDirectories(absolute.getParent());
      try (FileChannel channel =
          FileChannel.open(
              aside,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        content.write(channel);
      }
      move(aside, absolute);
    } catch (IOException | UncheckedIOException e) {
      throw new WeightsException(
          target + " could not be written: " + e.getMessage() + ". Is the disk full or read-only?",
          e);
    } finally {
      deleteQuietly(aside);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // The error that left it behind is the one to report.
    }
  }
}
