package io.github.kolors4j.internal.files;

import io.github.kolors4j.KolorsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Data that ships with the project: a folder of the checkout, or a jar of its own on the class path
 * ({@link DataJar}).
 */
public enum ShippedData {
  /** The small Kolors. */
  KOLORS_MINI("kolors-mini", Path.of("data", "models", "kolors-mini"), "kolors4j-mini"),

  /** Says what an avatar shows. */
  ATTRIBUTE_CLASSIFIER(
      "attribute-classifier", Path.of("data", "models", "attribute-classifier"), "kolors4j-mini"),

  /** Captioned portraits in one style. */
  AVATARS("avatars", Path.of("data", "avatars"), "kolors4j-avatars");

  private final String title;
  private final Path inCheckout;
  private final String artifact;

  /** Where the jar's files are, once they have been looked at in this process. */
  private volatile @Nullable Path unpacked;

  ShippedData(String title, Path inCheckout, String artifact) {
    this.title = title;
    this.inCheckout = inCheckout;
    this.artifact = artifact;
  }

  /**
   * Its folder: in the checkout that the system property {@code kolors4j.home} or the environment
   * variable {@code KOLORS4J_HOME} names; else in the working directory or the nearest folder above
   * it; else in the cache, where the jar's files are put the first time.
   *
   * @param problem what to throw if it is nowhere, or the jar's files cannot be put into the cache:
   *     made of a message that says what to do, and the cause
   */
  public Path folder(BiFunction<String, Throwable, ? extends KolorsException> problem) {
    try {
      return folder();
    } catch (IOException e) {
      throw problem.apply(String.valueOf(e.getMessage()), e);
    }
  }

  private Path folder() throws IOException {
    List<Path> homes = homes();
    for (Path home : homes) {
      if (Files.isDirectory(home.resolve(inCheckout))) {
        return home.resolve(inCheckout);
      }
    }
    Path known = unpacked;
    if (known != null && Files.isDirectory(known)) {
      return known;
    }
    Optional<DataJar> jar = DataJar.find(title);
    if (jar.isPresent()) {
      Path folder = jar.get().folder();
      unpacked = folder;
      return folder;
    }
    throw new IOException(
        """
        %s was not found: it is neither on the class path nor, as %s, in %s or a folder above it. \
        Depend on io.github.kolors4j:kolors4j, which brings it, or on io.github.kolors4j:%s alone. \
        With a clone of the project, start in the clone or name it with -Dkolors4j.home=FOLDER or \
        the environment variable KOLORS4J_HOME."""
            .formatted(title, inCheckout, homes.get(0), artifact));
  }

  private static List<Path> homes() {
    List<Path> homes = new ArrayList<>();
    for (String named :
        new @Nullable String[] {
          System.getProperty("kolors4j.home"), System.getenv("KOLORS4J_HOME")
        }) {
      if (named != null && !named.isBlank()) {
        homes.add(Path.of(named));
      }
    }
    for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
      homes.add(up);
    }
    return homes;
  }
}
