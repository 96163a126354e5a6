package io.github.kolors4j.juicer;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A list of records of bytes that grows without filling the memory: the first ones stay in it, the
 * others go to a temporary file. The file is deleted as soon as it is open, so that it lives only
 * as long as this list does, and a killed program leaves none behind.
 */
final class Spool {
  private static final int BUFFER = 1 << 16;

  private final Path folder;
  private final long memory;
  private final List<byte[]> first = new ArrayList<>();
  private long held;
  private int size;

  /** Null while all is held in memory. */
  private @Nullable FileChannel file;

  private final ByteBuffer unwritten = ByteBuffer.allocate(BUFFER);
  private long written;
  private long[] ends = new long[1024];
  private final ByteBuffer window = ByteBuffer.allocate(BUFFER).limit(0);
  private long windowStart;

  /**
   * An empty list.
   *
   * @param folder where the temporary file is made, if one is needed
   * @param memory how many bytes of records are held in memory
   */
  Spool(Path folder, long memory) {
    this.folder = folder;
    this.memory = memory;
  }

  synchronized int size() {
    return size;
  }

  /**
   * Adds a record.
   *
   * @throws RecipeException if the disk refuses
   */
  synchronized void add(byte[] record) {
    size++;
    if (file == null && held + record.length <= memory) {
      first.add(record);
      held += record.length;
      return;
    }
    try {
      if (file == null) {
        open();
      }
      int index = size - 1 - first.size();
      if (index == ends.length) {
        ends = Arrays.copyOf(ends, 2 * index);
      }
      ends[index] = (index == 0 ? 0 : ends[index - 1]) + record.length;
      if (record.length > unwritten.remaining()) {
        flush();
      }
      if (record.length > unwritten.remaining()) {
        writeFully(ByteBuffer.wrap(record));
      } else {
        unwritten.put(record);
      }
    } catch (IOException e) {
      throw new RecipeException(
          "Samples could not be set aside in the folder %s (%s). Nothing was written, and the data set is as it was. Free some space, or name a folder that has some as the recipe's temp_dir."
              .formatted(folder, e.getMessage()),
          e);
    }
  }

  /** A record; going through them in their order is fastest. */
  synchronized byte[] get(int index) {
    if (index < first.size()) {
      return first.get(index);
    }
    int at = index - first.size();
    long start = at == 0 ? 0 : ends[at - 1];
    byte[] record = new byte[(int) (ends[at] - start)];
    try {
      flush();
      read(start, record);
    } catch (IOException e) {
      throw new RecipeException("What was set aside cannot be read: " + e.getMessage(), e);
    }
    return record;
  }

  private void open() throws IOException {
    Files.createDirectories(folder);
    Path name = Files.createTempFile(folder, ".juicer.", ".part");
    try {
      file = FileChannel.open(name, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } finally {
      Files.delete(name);
    }
  }

  private FileChannel file() {
    return Objects.requireNonNull(file, "opened with the first record beyond the memory");
  }

  private void flush() throws IOException {
    writeFully(unwritten.flip());
    unwritten.clear();
  }

  private void writeFully(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      written += file().write(bytes, written);
    }
  }

  private void read(long start, byte[] record) throws IOException {
    boolean inside = start >= windowStart && start + record.length <= windowStart + window.limit();
    if (!inside && record.length <= BUFFER) {
      // One that follows the window is likely to be followed by others.
      boolean onwards = start >= windowStart && start <= windowStart + window.limit();
      window.clear().limit(onwards || start == 0 ? BUFFER : record.length);
      windowStart = start;
      fill(window, start, record.length);
      window.flip();
      inside = true;
    }
    if (inside) {
      window.get((int) (start - windowStart), record);
    } else {
      fill(ByteBuffer.wrap(record), start, record.length);
    }
  }

  /** Reads at least {@code least} bytes. */
  private void fill(ByteBuffer into, long start, int least) throws IOException {
    while (into.position() < least) {
      if (file().read(into, start + into.position()) < 0) {
        throw new EOFException("the temporary file is shorter than what was written");
      }
    }
  }
}
