package io.github.kolors4j.juicer;

import io.github.kolors4j.internal.dataset.TextEncoding;
import io.github.kolors4j.internal.files.RegularFile;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of text that says how much of it has been read. */
final class CountedText implements AutoCloseable {
  private final long length;
  private final BufferedReader reader;
  private long read;
  private long asked;

  /** Opens the file; bytes that are no such text are an exception when they are reached. */
  CountedText(Path file, TextEncoding encoding) throws IOException {
    length = Math.max(1, Files.size(file));
    reader = encoding.open(new Counter(Files.newInputStream(RegularFile.require(file))), file);
  }

  /** The text without a byte order mark. */
  BufferedReader reader() {
    return reader;
  }

  /** The part that has been read, from 0 to 1. */
  double share() {
    return Math.min(1, (double) read / length);
  }

  /** About how many bytes have been read since this was last asked. */
  long sinceLast() {
    long since = read - asked;
    asked = read;
    return since;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  private final class Counter extends FilterInputStream {
    Counter(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] into, int offset, int most) throws IOException {
      int count = super.read(into, offset, most);
      read += Math.max(0, count);
      return count;
    }
  }
}
