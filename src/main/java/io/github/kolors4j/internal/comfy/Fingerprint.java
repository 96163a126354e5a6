package io.github.kolors4j.internal.comfy;

import io.github.kolors4j.internal.files.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What tells a file's content from another: ComfyUI's nodes compare SHA-256. */
public final class Fingerprint {
  /** Larger ones are told apart by length and time: hashing gigabytes takes longer than a step. */
  private static final long LONGEST = 256L << 20;

  private Fingerprint() {}

  /**
   * The fingerprint of a file, or of all files in a folder.
   *
   * @throws UncheckedIOException if it cannot be read
   */
  public static String of(Path file) {
    try {
      if (Files.isDirectory(file)) {
        StringBuilder all = new StringBuilder();
        try (var files = Files.list(file)) {
          for (Path each : files.sorted().toList()) {
            String content = Files.isRegularFile(each) ? of(each) : "";
            all.append(each.getFileName()).append(' ').append(content).append('\n');
          }
        }
        return all.toString();
      }
      return Files.size(file) > LONGEST ? lengthAndTime(file) : Sha256.of(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String lengthAndTime(Path file) throws IOException {
    return Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis();
  }
}
