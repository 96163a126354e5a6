package io.github.kolors4j.hub;

import io.github.kolors4j.internal.files.DeviceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Paths from a server's listing are data: none may lead out of the model's folder. */
final class SafePath {
  // A backslash and a colon are path syntax on Windows, and never needed in a model's file names.
  private static final Pattern FORBIDDEN = Pattern.compile("[\\\\:\\p{Cntrl}]");

  private SafePath() {}

  /**
   * The file that a listed path means.
   *
   * @throws HubException if it would lie outside the folder
   */
  static Path inside(Path folder, String listed) {
    Path root = folder.toAbsolutePath().normalize();
    try {
      boolean plain = !listed.isEmpty() && !FORBIDDEN.matcher(listed).find();
      for (String part : listed.split("/", -1)) {
        plain &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
        plain &= !DeviceName.isMisread(part);
      }
      Path file = root.resolve(listed).normalize();
      if (plain && file.startsWith(root) && !file.equals(root)) {
        return file;
      }
    } catch (InvalidPathException e) {
      // Reported below, as every other name that cannot be used.
    }
    throw new HubException(
        "The server lists a file named \"%s\", which does not stay inside the folder %s. Nothing was downloaded; do not trust this repository."
            .formatted(FORBIDDEN.matcher(listed).replaceAll("?"), root));
  }

  /**
   * Makes the folders above a file.
   *
   * @throws HubException if a link on the way leads out of the model's folder
   */
  static void makeFolders(Path folder, Path file) throws IOException {
    Files.createDirectories(folder);
    Path real = folder.toRealPath();
    Path at = folder.toAbsolutePath().normalize();
    for (Path part : at.relativize(file.getParent())) {
      at = at.resolve(part);
      if (Files.exists(at) && !at.toRealPath().startsWith(real)) {
        throw new HubException(
            at + " is a link out of the model's folder: remove it, or choose another folder.");
      }
    }
    Files.createDirectories(file.getParent());
  }
}
