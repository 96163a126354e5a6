package io.github.kolors4j.internal.comfy.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The pictures that were shown but not saved. ComfyUI deletes them whenever it starts, and its
 * history shows nothing then; here they stay for a week.
 */
final class TemporaryFiles {
  private static final Duration KEPT = Duration.ofDays(7);

  private TemporaryFiles() {}

  /**
   * Deletes those that are older.
   *
   * @param notices hears how many
   */
  static void sweep(Path folder, Consumer<String> notices) throws IOException {
    Instant oldest = Instant.now().minus(KEPT);
    List<Path> old;
    try (Stream<Path> files = Files.walk(folder)) {
      old =
          files
              .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
              .filter(file -> isOlder(file, oldest))
              .toList();
    }
    for (Path file : old) {
      Files.deleteIfExists(file);
    }
    if (!old.isEmpty()) {
      notices.accept(
          "%d pictures of %s that were shown more than a week ago are deleted."
              .formatted(old.size(), folder));
    }
  }

  private static boolean isOlder(Path file, Instant oldest) {
    try {
      return Files.getLastModifiedTime(file).toInstant().isBefore(oldest);
    } catch (IOException e) {
      return false; // it has gone
    }
  }
}
