package io.github.kolors4j.hub;

import io.github.kolors4j.internal.files.AtomicFile;
import io.github.kolors4j.internal.files.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What this package keeps for itself in a model's folder: all below {@code .kolors4j}, so that no
 * file of a repository can have the same name as one of these.
 *
 * @param folder of the model
 */
record OwnFolder(Path folder) {
  static final String NAME = ".kolors4j";
  private static final String RECEIVING = "receiving";

  /** Whether a repository's file would lie among these. */
  static boolean holds(String path) {
    return path.equals(NAME) || path.startsWith(NAME + "/");
  }

  Path listing() {
    return folder.resolve(NAME).resolve("listing.json");
  }

  /** The bytes of a file on its way. */
  Path bytes(String path) {
    return receiving(path, ".part");
  }

  /** Which of them have arrived. */
  Path state(String path) {
    return receiving(path, ".json");
  }

  /** A file's name is of any length, and a folder's may be a file's in the next revision. */
  private Path receiving(String path, String ending) {
    String name = Sha256.of(path);
    return folder.resolve(NAME).resolve(RECEIVING).resolve(name + ending);
  }

  /** Puts a file here that lies in a cache: a second name for the same bytes, or a copy. */
  void adopt(Path cached, Path target) throws IOException {
    Path aside = folder.resolve(NAME).resolve("adopted");
    Files.createDirectories(aside.getParent());
    Files.deleteIfExists(aside);
    try {
      Files.createLink(aside, cached.toRealPath());
    } catch (IOException | UnsupportedOperationException e) {
      Files.copy(cached, aside, StandardCopyOption.REPLACE_EXISTING);
    }
    AtomicFile.putIntoPlace(aside, target);
  }

  /**
   * Deletes what killed downloads left of files that the repository no longer has.
   *
   * @param listed all paths that it has
   */
  void clean(Collection<String> listed) throws IOException {
    Path receiving = folder.resolve(NAME).resolve(RECEIVING);
    if (!Files.isDirectory(receiving)) {
      return;
    }
    Set<Path> wanted = new HashSet<>();
    for (String path : listed) {
      wanted.add(bytes(path));
      wanted.add(state(path));
    }
    try (Stream<Path> files = Files.list(receiving)) {
      for (Path file : (Iterable<Path>) files.filter(f -> !wanted.contains(f))::iterator) {
        Files.deleteIfExists(file);
      }
    }
    try (Stream<Path> left = Files.list(receiving)) {
      if (left.findAny().isPresent()) {
        return;
      }
    }
    Files.delete(receiving);
  }
}
