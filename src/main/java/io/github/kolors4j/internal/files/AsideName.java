package io.github.kolors4j.internal.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Names for what is written beside its target before it is put into place: {@code
 * .name.12345.part}. A target's name may be as long as the disk allows, so that a longer one beside
 * it could not be made: of long names only the beginning is used.
 */
public final class AsideName {
  private static final String ENDING = ".part";

  /** Names of up to so many bytes are taken by all disks. */
  private static final int ALWAYS_TAKEN = 64;

  private static final int NUMBERS = 1_000_000_000;
  private static final int ATTEMPTS = 100;

  private AsideName() {}

  /** How a file or folder is made. */
  private interface Making {
    Path make(Path path) throws IOException;
  }

  /**
   * Makes an empty file beside {@code target}, under a name that none had.
   *
   * @throws IOException if the disk refuses
   */
  public static Path newFile(Path target) throws IOException {
    return make(target, Files::createFile);
  }

  /** Same, a folder. */
  public static Path newFolder(Path target) throws IOException {
    return make(target, Files::createDirectory);
  }

  /**
   * The path beside {@code target} of the same name with an ending, always the same for one target;
   * not made.
   *
   * @param ending such as {@code .part}
   */
  public static Path withEnding(Path target, String ending) {
    String name = target.getFileName().toString();
    return target.resolveSibling(beginning(name, ending.length()) + ending);
  }

  /** Deletes what a killed run has left in a folder, of targets whose names match. */
  public static void sweep(Path folder, Pattern names) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file :
          files.filter(file -> isLeft(file.getFileName().toString(), names)).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // It only tidies up: what matters will fail with a message of its own.
    }
  }

  private static boolean isLeft(String name, Pattern names) {
    return name.startsWith(".")
        && name.endsWith(ENDING)
        && names.matcher(name.substring(1).replaceFirst("\\.\\d+\\.part$", "")).matches();
  }

  private static Path make(Path target, Making making) throws IOException {
    String name = target.getFileName().toString();
    FileAlreadyExistsException taken = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      String ending = "." + ThreadLocalRandom.current().nextInt(NUMBERS) + ENDING;
      try {
        return making.make(
            target.resolveSibling("." + beginning(name, ending.length() + 1) + ending));
      } catch (FileAlreadyExistsException e) {
        taken = e;
      }
    }
    throw taken;
  }

  /** As much of a name as leaves room for so many bytes more. */
  private static String beginning(String name, int more) {
    int room = Math.max(ALWAYS_TAKEN, bytes(name)) - more;
    int end = name.length();
    while (bytes(name.substring(0, end)) > room) {
      end = name.offsetByCodePoints(end, -1);
    }
    return name.substring(0, end);
  }

  private static int bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length;
  }
}
