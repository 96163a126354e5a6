package io.github.kolors4j.hub;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.github.kolors4j.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files of a folder as the hub listed them, kept in the folder: without a network it says
 * whether all is there.
 *
 * @param repository {@code owner/name}
 * @param revision which was downloaded
 * @param files the wanted ones
 */
record Listing(String repository, String revision, List<Entry> files) {
  static final String NAME = ".kolors4j.json";

  private static final Gson JSON = new Gson();

  /**
   * A file.
   *
   * @param path in the folder
   * @param size in bytes
   */
  record Entry(String path, long size) {}

  /** With these files in addition, in the version that was just listed. */
  Listing with(List<RemoteFile> listed) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    files.forEach(entry -> entries.put(entry.path(), entry));
    listed.forEach(file -> entries.put(file.path(), new Entry(file.path(), file.size())));
    return new Listing(repository, revision, List.copyOf(entries.values()));
  }

  void write(Path folder) throws IOException {
    AtomicFile.writeText(folder.resolve(NAME), JSON.toJson(this));
  }

  /** What earlier downloads of this repository and revision wrote; an empty list if none did. */
  static Listing read(Path folder, Repository repository) {
    try {
      Listing listing = JSON.fromJson(Files.readString(folder.resolve(NAME)), Listing.class);
      boolean fits =
          listing != null
              && listing.files() != null
              && repository.id().equals(listing.repository())
              && repository.revision().equals(listing.revision())
              && listing.files().stream().allMatch(e -> e != null && e.path() != null);
      if (fits) {
        return listing;
      }
    } catch (IOException | JsonParseException e) {
      // None, or damaged: as if nothing were known.
    }
    return new Listing(repository.id(), repository.revision(), List.of());
  }
}
