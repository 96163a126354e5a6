package io.github.kolors4j.internal.files;

import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Writes a file under a temporary name beside the target and moves it into place when it is
 * complete, so that a full disk or a killed run never leaves half a file or loses the old one. Who
 * may read it is up to the system's settings (umask), as for every other file of a program.
 */
public final class AtomicFile {
  private static final int ATTEMPTS = 20;
  private static final int PAUSE_MILLISECONDS = 50;

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
    Path aside = AsideName.newFile(absolute);
    try {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(aside), 1 << 16)) {
        content.writeTo(out);
      }
      putIntoPlace(aside, absolute);
    } finally {
      Files.deleteIfExists(aside);
    }
  }

  /** Writes {@code text} in UTF-8 to {@code target}. */
  public static void writeText(Path target, String text) throws IOException {
    write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Gives a finished file its name, in one step where the disk can; an older one is replaced.
   * Windows replaces none that a program has open, as a virus scanner has for a moment, or this
   * process while it holds weights of the file: it is tried for a second.
   */
  public static void putIntoPlace(Path aside, Path target) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        move(aside, target);
        return;
      } catch (AccessDeniedException e) {
        if (File.separatorChar == '/' || !Files.exists(target)) {
          throw e;
        }
        if (attempt == ATTEMPTS || !pause()) {
          String reason = "a program has it open, this one or another: close that first";
          throw new FileSystemException(target.toString(), null, reason);
        }
      }
    }
  }

  private static void move(Path aside, Path target) throws IOException {
    try {
      Files.move(
          aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(aside, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** False if the thread is to stop. */
  private static boolean pause() {
    try {
      Thread.sleep(PAUSE_MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Finds out before long work whether {@link #write} could write there: whether the names are ones
   * that the disk takes, and a file can be made in the folder. Nothing is left behind, and no
   * folder is made.
   *
   * @throws IOException with the reason, if not
   */
  public static void requireWritable(Path target) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    if (Files.isDirectory(absolute)) {
      throw new FileSystemException(target.toString(), null, "is a folder");
    }
    Path folder = absolute.getParent();
    while (folder != null && !Files.exists(folder)) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new FileSystemException(target.toString(), null, "is no name of a file");
    }
    if (!Files.isDirectory(folder)) {
      throw new FileSystemException(target.toString(), null, folder + " is no folder");
    }
    for (Path name : folder.relativize(absolute)) {
      requireName(folder.resolve(name.toString()));
    }
    try {
      Files.delete(AsideName.newFile(folder.resolve(absolute.getFileName())));
    } catch (NoSuchFileException e) {
      throw new FileSystemException(target.toString(), null, "no file can be made in " + folder);
    }
  }

  private static void requireName(Path file) throws IOException {
    try {
      Files.readAttributes(file, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      // The name is free, and one that the disk takes.
    }
  }
}
