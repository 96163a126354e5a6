package io.github.kolors4j.internal.weights;

import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.files.AsideName;
import io.github.kolors4j.internal.files.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes weights beside their target and moves them into place, so that no file is ever seen half
 * done. The name beside it is always the same: what a killed run left, which may be gigabytes, is
 * written over by the next.
 */
final class WholeFile {

  private WholeFile() {}

  /** What fills the file. */
  @FunctionalInterface
  interface Content {

    void write(FileChannel channel) throws IOException;
  }

  static void write(Path target, Content content) {
    Path absolute = target.toAbsolutePath();
    Path aside = AsideName.withEnding(absolute, ".part");
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
      AtomicFile.putIntoPlace(aside, absolute);
    } catch (IOException | UncheckedIOException e) {
      throw new WeightsException(
          target + " could not be written: " + e.getMessage() + ". Is the disk full or read-only?",
          e);
    } finally {
      deleteQuietly(aside);
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
