package io.github.kolors4j.internal.pipeline;

import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.files.AsideName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
    @Nullable Path aside = null;
    try {
      Path place = place(target);
      requireFree(place);
      Files.createDirectories(place.getParent());
      aside = AsideName.newFolder(place);
      content.writeTo(aside);
      Files.deleteIfExists(place);
      Files.move(aside, place);
    } catch (IOException | UncheckedIOException e) {
      throw new WeightsException(
          target + " could not be written: " + e.getMessage() + ". Is the disk full or read-only?",
          e);
    } finally {
      delete(aside);
    }
  }

  /** Where the folder really goes: a link to another disk is followed, not replaced. */
  private static Path place(Path target) throws IOException {
    Path absolute = target.toAbsolutePath().normalize();
    if (Files.isSymbolicLink(absolute) && !Files.exists(absolute)) {
      throw new WeightsException(
          "%s is a link to %s, which does not exist: make that folder, or give another name."
              .formatted(target, Files.readSymbolicLink(absolute)));
    }
    return Files.exists(absolute) ? absolute.toRealPath() : absolute;
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
   * Copies a file or a folder, with what symbolic links in it lead to. Big files get a second name
   * instead, where the disk allows; small ones are what a person may edit, which must not change
   * the original.
   *
   * @throws WeightsException if a link leads nowhere or back to its own folder, or something is no
   *     file
   */
  static void share(Path from, Path to) {
    share(from, to, file -> true);
  }

  /**
   * Copies a folder as {@link #share(Path, Path)} does, but for some of its files.
   *
   * @param wanted says of each file whether it is copied
   */
  static void share(Path from, Path to, Predicate<Path> wanted) {
    try (Stream<Path> files = Files.walk(from, FileVisitOption.FOLLOW_LINKS)) {
      for (Path file : files.filter(wanted).toList()) {
        Path target = file.equals(from) ? to : to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
          continue;
        }
        requireFile(file);
        Files.createDirectories(target.getParent());
        Path real = file.toRealPath(); // Python's caches are full of symbolic links
        if (Files.size(real) < SMALL || !link(real, target)) {
          Files.copy(real, target);
        }
      }
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof FileSystemLoopException) {
        throw new WeightsException(
            "%s has a link that leads back into its own folder: %s. Remove the link."
                .formatted(from, e.getCause().getMessage()),
            e);
      }
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requireFile(Path file) throws IOException {
    if (Files.isRegularFile(file)) {
      return;
    }
    throw new WeightsException(
        Files.isSymbolicLink(file)
            ? "%s is a link to %s, which does not exist: download the model again, or mend the link."
                .formatted(file, Files.readSymbolicLink(file))
            : file + " is neither a file nor a folder: move it out of the model's folder.");
  }

  private static boolean link(Path real, Path target) throws IOException {
    try {
      Files.createLink(target, real);
      return true;
    } catch (UnsupportedOperationException | FileSystemException e) {
      return false; // another disk, or one that knows no links
    }
  }

  private static void delete(@Nullable Path folder) {
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
