package io.github.kolors4j.hub;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.github.kolors4j.internal.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files of a folder as the hub listed them, kept in the folder: it says whether a file is still
 * the one that was downloaded, and without a network whether all is there.
 *
 * @param repository {@code owner/name}
 * @param revision which was downloaded
 * @param files the wanted ones
 */
record Listing(String repository, String revision, List<Entry> files) {
  private static final Gson JSON = new Gson();
  private static final long LONGEST = 64L << 20;

  /**
   * A file that is in its place.
   *
   * @param path in the folder
   * @param size in bytes
   * @param checksum that its content had, as {@link Checksum#toString} writes it
   * @param modified when it was last written to, in milliseconds since 1970
   */
  record Entry(String path, long size, String checksum, long modified) {

    static Entry of(String path, Checksum checksum, Path target) throws IOException {
      return new Entry(
          path,
          Files.size(target),
          checksum.toString(),
          Files.getLastModifiedTime(target).toMillis());
    }

    /** Whether the file is as it was downloaded, by size and time. */
    boolean isUntouched(Path target) throws IOException {
      return Files.isRegularFile(target)
          && Files.size(target) == size
          && Files.getLastModifiedTime(target).toMillis() == modified;
    }
  }

  static Listing empty(Repository repository) {
    return new Listing(repository.id(), repository.revision(), List.of());
  }

  Map<String, Entry> byPath() {
    Map<String, Entry> entries = new LinkedHashMap<>();
    files.forEach(entry -> entries.put(entry.path(), entry));
    return entries;
  }

  /** With these files in addition, in the version that was just listed. */
  Listing with(List<Entry> listed) {
    Map<String, Entry> entries = byPath();
    listed.forEach(entry -> entries.put(entry.path(), entry));
    return new Listing(repository, revision, List.copyOf(entries.values()));
  }

  void write(OwnFolder own) throws IOException {
    AtomicFile.writeText(own.listing(), JSON.toJson(this));
  }

  boolean isOf(Repository other) {
    return other.id().equals(repository) && other.revision().equals(revision);
  }

  /** What earlier downloads of one repository and revision wrote. */
  static Optional<Listing> read(OwnFolder own, Repository repository) {
    return read(own).filter(listing -> listing.isOf(repository));
  }

  /** What an earlier download wrote, of whatever repository and revision. */
  static Optional<Listing> read(OwnFolder own) {
    try {
      Path file = own.listing();
      if (Files.isRegularFile(file) && Files.size(file) <= LONGEST) {
        Listing listing = JSON.fromJson(Files.readString(file), Listing.class);
        if (listing != null
            && listing.files() != null
            && listing.files().stream().allMatch(e -> e != null && e.path() != null)) {
          return Optional.of(listing);
        }
      }
    } catch (IOException | JsonParseException e) {
      // Damaged: as if nothing were known.
    }
    return Optional.empty();
  }
}
