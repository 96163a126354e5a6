package io.github.kolors4j.hub;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.github.kolors4j.internal.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file on its way: one with the bytes, and one beside it that says which of them have arrived and
 * of which version of the file.
 */
final class PartialFile {
  private static final Gson JSON = new Gson();
  private static final long LONGEST_STATE = 1 << 20;
  private static final int MOST_RANGES = 10_000;

  private final Path bytes;
  private final Path state;
  private List<Range> ranges = new ArrayList<>();
  private @Nullable String etag;

  /** A stretch of the file that one request after the other fills from its start. */
  static final class Range {
    final long start;
    final long end;
    private long done;

    /**
     * @param end exclusive
     */
    Range(long start, long end, long done) {
      this.start = start;
      this.end = end;
      this.done = done;
    }

    synchronized long position() {
      return start + done;
    }

    synchronized long left() {
      return end - start - done;
    }

    synchronized void add(long arrived) {
      done += arrived;
    }

    synchronized long restart() {
      long lost = done;
      done = 0;
      return lost;
    }
  }

  /** What is written as JSON. */
  private record State(
      long size, @Nullable String checksum, @Nullable String etag, List<long[]> ranges) {}

  private PartialFile(OwnFolder own, RemoteFile file) {
    bytes = own.bytes(file.path());
    state = own.state(file.path());
  }

  /** What is there of the file, or a new beginning if that is nothing or of another version. */
  static PartialFile of(OwnFolder own, RemoteFile file, long rangeSize) throws IOException {
    PartialFile partial = new PartialFile(own, file);
    if (!partial.load(file)) {
      partial.ranges.clear();
      partial.discard();
      partial.split(file.size(), rangeSize);
    }
    return partial;
  }

  Path bytes() {
    return bytes;
  }

  List<Range> ranges() {
    return ranges;
  }

  long arrived() {
    return ranges.stream().mapToLong(range -> range.position() - range.start).sum();
  }

  synchronized @Nullable String etag() {
    return etag;
  }

  synchronized void etag(@Nullable String newEtag) {
    etag = newEtag;
  }

  /** One range for all, of which nothing has arrived. */
  void restart(long size) throws IOException {
    discard();
    etag(null);
    split(size, Long.MAX_VALUE);
  }

  private void split(long size, long rangeSize) {
    // A size is the server's word: it must not decide how many ranges are kept in memory.
    long length = Math.max(rangeSize, size / MOST_RANGES + 1);
    ranges = new ArrayList<>();
    for (long start = 0; start < size; ) {
      long end = size - start <= length ? size : start + length;
      ranges.add(new Range(start, end, 0));
      start = end;
    }
  }

  synchronized void save(RemoteFile file) throws IOException {
    List<long[]> numbers =
        ranges.stream().map(r -> new long[] {r.start, r.end, r.position() - r.start}).toList();
    AtomicFile.writeText(
        state, JSON.toJson(new State(file.size(), name(file.checksum()), etag, numbers)));
  }

  void discard() throws IOException {
    Files.deleteIfExists(state);
    Files.deleteIfExists(bytes);
  }

  void finished() throws IOException {
    Files.deleteIfExists(state);
  }

  private boolean load(RemoteFile file) throws IOException {
    if (!Files.isRegularFile(bytes)
        || !Files.isRegularFile(state)
        || Files.size(state) > LONGEST_STATE) {
      return false;
    }
    try {
      State read = JSON.fromJson(Files.readString(state), State.class);
      boolean same =
          read != null
              && read.size() == file.size()
              && Objects.equals(read.checksum(), name(file.checksum()));
      // Without a checksum only the server's tag can tell whether the rest fits what is here.
      if (!same || (file.checksum() == null && strong(read.etag()) == null)) {
        return false;
      }
      long at = 0;
      long furthest = 0;
      for (long[] r : read.ranges()) {
        if (r.length != 3 || r[0] != at || r[1] <= r[0] || r[2] < 0 || r[2] > r[1] - r[0]) {
          return false;
        }
        ranges.add(new Range(r[0], r[1], r[2]));
        furthest = r[2] > 0 ? r[0] + r[2] : furthest;
        at = r[1];
      }
      etag = read.etag();
      return at == file.size() && Files.size(bytes) >= furthest;
    } catch (JsonParseException | NullPointerException | IOException e) {
      // Damaged or not ours: beginning again costs time and is always right.
      return false;
    }
  }

  /** The tag if it promises equal bytes, else null. */
  static @Nullable String strong(@Nullable String etag) {
    return etag == null || !etag.startsWith("\"") ? null : etag;
  }

  private static @Nullable String name(@Nullable Checksum checksum) {
    return checksum == null ? null : checksum.toString();
  }
}
