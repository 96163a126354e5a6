package io.github.kolors4j.internal.dataset;

import io.github.kolors4j.dataset.DatasetException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The lines of a text, each of a bounded length. */
public final class TextLines {
  /**
   * Characters that a line, a text or a row of a table may have: 16,777,216, or fewer where the
   * program has less than 2 GiB of memory, since several are worked on at once.
   */
  static final int LONGEST =
      (int) Math.max(1 << 20, Math.min(1 << 24, Runtime.getRuntime().maxMemory() / 128));

  private final Reader in;
  private final Path file;
  private final char[] buffer = new char[1 << 13];
  private int position;
  private int limit;
  private int number;

  /**
   * Begins to read.
   *
   * @param in the text; closing it is the caller's business
   * @param file its name in messages
   */
  public TextLines(Reader in, Path file) {
    this.in = in;
    this.file = file;
  }

  /** The number of the line that was read last, counted from 1. */
  public int number() {
    return number;
  }

  /**
   * The next line without its end, which is {@code \n}, {@code \r\n} or {@code \r}; null at the end
   * of the text.
   *
   * @throws DatasetException if it has too many characters
   */
  public @Nullable String next() throws IOException {
    number++;
    StringBuilder line = null;
    while (position < limit || fill()) {
      int start = position;
      while (position < limit && buffer[position] != '\n' && buffer[position] != '\r') {
        position++;
      }
      boolean whole = position < limit;
      if (whole && line == null) {
        String text = new String(buffer, start, position - start);
        passEnd();
        return text;
      }
      line = line == null ? new StringBuilder() : line;
      if (line.length() + position - start > LONGEST) {
        throw tooLong(file, number, "this line");
      }
      line.append(buffer, start, position - start);
      if (whole) {
        passEnd();
        return line.toString();
      }
    }
    return line == null ? null : line.toString();
  }

  /** The objection to what has more than {@link #LONGEST} characters. */
  static DatasetException tooLong(Path file, int line, String what) {
    return new DatasetException(
        "%s, line %d: %s has more than %,d characters, which are too many for one sample."
            .formatted(file, line, what, LONGEST));
  }

  private void passEnd() throws IOException {
    boolean mayBeTwo = buffer[position++] == '\r';
    if (mayBeTwo && (position < limit || fill()) && buffer[position] == '\n') {
      position++;
    }
  }

  private boolean fill() throws IOException {
    position = 0;
    limit = Math.max(0, in.read(buffer));
    return limit > 0;
  }
}
