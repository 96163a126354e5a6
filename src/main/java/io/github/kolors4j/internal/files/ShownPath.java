package io.github.kolors4j.internal.files;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Paths as a reader would write them: relative where they lie in the working directory. */
public final class ShownPath {
  private static final Path HERE = Path.of("").toAbsolutePath();

  private ShownPath() {}

  /** The path, relative to the working directory if it lies in there. */
  public static Path of(Path path) {
    Path absolute = path.toAbsolutePath();
    return absolute.startsWith(HERE) ? HERE.relativize(absolute) : absolute;
  }

  /**
   * The first lines of a file of text to look at: the paths in them relative to the working
   * directory, and the slashes of JSON without the backslash that some programs put before them.
   *
   * @throws IOException if it cannot be read, or is no text in UTF-8
   */
  public static String firstLines(Path file, int count) throws IOException {
    try (Stream<String> lines = Files.lines(RegularFile.require(file))) {
      return lines
          .limit(count)
          .map(line -> line.replace("\\/", "/").replace(HERE + File.separator, ""))
          .collect(Collectors.joining("\n"));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
