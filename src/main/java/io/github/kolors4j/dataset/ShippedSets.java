package io.github.kolors4j.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds the picture sets that come with the project, wherever a notebook was started. */
final class ShippedSets {
  /** A set's name → its folder in the project. */
  static final Map<String, String> FOLDERS = Map.of("kolors4j/avatars", "data/avatars");

  private ShippedSets() {}

  /**
   * The folder of a shipped set: looked for under the system property {@code kolors4j.home}, the
   * environment variable {@code KOLORS4J_HOME}, the working directory, and the folders above it.
   */
  static Path folderOf(String name) {
    String relative = FOLDERS.get(name);
    List<Path> tried = new ArrayList<>();
    for (Path home : homes()) {
      Path folder = home.resolve(relative);
      if (Files.isDirectory(folder)) {
        return folder;
      }
      tried.add(folder);
    }
    throw new DatasetException(
        "The picture set "
            + name
            + " was not found. Start from the project's folder, or set KOLORS4J_HOME (or"
            + " -Dkolors4j.home) to it. Looked in: "
            + tried);
  }

  private static List<Path> homes() {
    List<Path> homes = new ArrayList<>();
    String property = System.getProperty("kolors4j.home");
    if (property != null) {
      homes.add(Path.of(property));
    }
    String variable = System.getenv("KOLORS4J_HOME");
    if (variable != null) {
      homes.add(Path.of(variable));
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      homes.add(at);
    }
    return homes;
  }
}
