package io.github.kolors4j.internal.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the pictures that the rows of a table name. Each folder is listed once; several threads may
 * ask.
 */
public final class PictureNames {
  private final Map<Path, PictureListing> listings = new ConcurrentHashMap<>();

  /**
   * The picture of a name: as it is written, or with Windows' {@code \} as {@code /}, or in another
   * form of Unicode, whichever is there; as it is written if none is.
   *
   * @param folder where relative names begin
   * @throws InvalidPathException if the name cannot be a file's
   */
  public Path find(Path folder, String name) {
    Path written = folder.resolve(name);
    Path relative = folder.getFileSystem().getPath(name.replace('\\', '/'));
    if (Files.exists(written) || relative.isAbsolute()) {
      return written;
    }
    Path place = folder;
    for (Path part : relative) {
      Path next = place.resolve(part);
      if (!Files.exists(next)) {
        next = listing(place).file(part.toString()).orElse(null);
      }
      if (next == null) {
        return written;
      }
      place = next;
    }
    return place;
  }

  private PictureListing listing(Path folder) {
    return listings.computeIfAbsent(
        folder,
        place -> {
          try {
            return PictureListing.of(place);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
