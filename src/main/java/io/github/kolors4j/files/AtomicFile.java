package io.github.kolors4j.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Writes a file under a temporary name beside the target and moves it into place when it is
 * complete, so that a full disk or a killed run never leaves half a file or loses the old one.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** What fills the file. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything to {@code out}; closing it is the caller's business. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes {@code target}, making the folders above it.
   *
   * @throws IOException if the disk refuses; an older {@code target} is then still there, whole
   */
  public static void write(Path target, Content content) throws IOException {
    Path absolute = target.toAbsolutePath();
    Files.createDirectories(absolute.getParent());
    Path aside =
        Files.createTempFile(absolute.getParent(), "." + absolute.getFileName() + ".", ".part");
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(aside), 1 << 16)) {
        content.writeTo(out);
      }
      makeReadable(aside);
      putIntoPlace(aside, absolute);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  /** Writes {@code text} in UTF-8 to {@code target}. */
  public static void writeText(Path target, String text) throws IOException {
    write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Gives a finished file its name, in one step where the disk can; an older one is replaced. */
  public static void putIntoPlace(Path aside, Path target) throws IOException {
    try {
      Files.move(
          aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(aside, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Temporary files are readable by their owner alone; a finished file is like any other. */
  private static void makeReadable(Path file) {
    file.toFile().setReadable(true, false);
  }
}
