package io.github.kolors4j.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells whether a file that is here already is the one that the hub lists. The size alone does not
 * tell: of another revision it may be the same, and so it is where a disk lost what was written.
 */
final class PresentFiles {
  /** Reading a file of this size can take a second or more. */
  private static final long WORTH_A_WORD = 512L << 20;

  private final Repository repository;
  private final Optional<Listing> earlier;
  private final Map<String, Listing.Entry> known;
  private final HubListener listener;
  private final StopCheck stop;

  /**
   * @param earlier what an earlier download noted in this folder
   */
  PresentFiles(
      Repository repository, Optional<Listing> earlier, HubListener listener, StopCheck stop) {
    this.repository = repository;
    this.earlier = earlier;
    this.listener = listener;
    this.stop = stop;
    known =
        earlier
            .filter(listing -> repository.id().equals(listing.repository()))
            .map(Listing::byPath)
            .orElse(Map.of());
  }

  /** The checksum of a file in its place, or nothing if it has to be downloaded. */
  Optional<Checksum> at(Path target, RemoteFile file) throws IOException {
    if (!Files.exists(target)) {
      return Optional.empty();
    }
    String wrong = "another size";
    if (isHere(target, file.size())) {
      if (file.checksum() == null) {
        return withoutChecksum(target, file);
      }
      Listing.Entry entry = known.get(file.path());
      boolean vouched =
          entry != null
              && file.checksum().toString().equals(entry.checksum())
              && entry.isUntouched(target);
      if (vouched || hasContent(target, file.checksum())) {
        return Optional.of(file.checksum());
      }
      wrong = "other content";
    }
    listener.notice(
        "%s is here with %s than the hub lists: of another revision, changed, or damaged. It is downloaded again."
            .formatted(target, wrong));
    return Optional.empty();
  }

  /** The hub names no checksum: what an earlier download noted has to do. */
  private Optional<Checksum> withoutChecksum(Path target, RemoteFile file) throws IOException {
    if (earlier.isPresent() && !earlier.get().isOf(repository)) {
      listener.notice(target + " is of another revision or repository: it is downloaded again.");
      return Optional.empty();
    }
    Listing.Entry entry = known.get(file.path());
    if (entry != null) {
      boolean same = isAsListed(target, entry);
      if (!same) {
        listener.notice(target + " was changed or damaged: it is downloaded again.");
      }
      return same ? Optional.ofNullable(Checksum.parse(entry.checksum())) : Optional.empty();
    }
    listener.notice(
        "%s was here already and has the size that the hub lists. Whether its content is right cannot be told, since the hub lists no checksum: delete it to have it downloaded."
            .formatted(target));
    return Optional.of(Checksum.of(target, stop));
  }

  /** The file in the first of Python's caches that has the one that the hub lists. */
  Optional<Path> among(List<Path> caches, RemoteFile file) throws IOException {
    for (Path cache : caches) {
      Path cached = cache.resolve(file.path());
      if (file.checksum() != null
          && isHere(cached, file.size())
          && hasContent(cached, file.checksum())) {
        return Optional.of(cached);
      }
    }
    return Optional.empty();
  }

  /**
   * Whether a file is the one that was downloaded: by size and time, or, where somebody wrote to it
   * since, by its content.
   */
  boolean isAsListed(Path target, Listing.Entry entry) throws IOException {
    Checksum noted = Checksum.parse(entry.checksum());
    return entry.isUntouched(target)
        || noted != null && isHere(target, entry.size()) && hasContent(target, noted);
  }

  /** Reads the whole file, which takes a while for the large ones. */
  boolean hasContent(Path file, Checksum checksum) throws IOException {
    long size = Files.size(file);
    if (size >= WORTH_A_WORD) {
      listener.notice(
          "%s (%s) is here: it is compared with what the hub lists …"
              .formatted(file, HubListener.Progress.size(size)));
    }
    return checksum.matches(file, stop);
  }

  private static boolean isHere(Path target, long size) throws IOException {
    return Files.isRegularFile(target) && Files.size(target) == size;
  }
}
