package io.github.kolors4j.internal.dataset;

import com.ibm.icu.text.CharsetDetector;
import com.ibm.icu.text.CharsetMatch;
import io.github.kolors4j.dataset.DatasetException;
import io.github.kolors4j.internal.files.RegularFile;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How the bytes of a data set's text files become characters: as UTF-8, or as UTF-16 or UTF-32
 * where a byte order mark at the start says so, or in an encoding that was named. Bytes that do not
 * fit are refused with their line and what they seem to be; nothing is replaced.
 *
 * @param charset the encoding of files without a mark
 */
public record TextEncoding(Charset charset) {
  /** UTF-8, unless a mark says something else. */
  public static final TextEncoding UTF_8 = new TextEncoding(StandardCharsets.UTF_8);

  private static final int WINDOW = 1 << 16;

  private static final String LATIN = "windows-1252";

  /** What is guessed where a detector is not sure, the most frequent first. */
  private static final List<String> EASTERN = List.of("GB18030", "Big5", "Shift_JIS", "EUC-KR");

  /** Of 100. */
  private static final int SURE = 20;

  /**
   * The encoding of that name, such as {@code GBK}, {@code Big5}, {@code Shift_JIS}, {@code
   * ISO-8859-1} or {@code UTF-16LE}, or as Python names it ({@code latin-1}, {@code utf_8}, {@code
   * cp936}). A byte order mark in a file still comes first.
   *
   * @throws DatasetException if there is none of that name
   */
  public static TextEncoding of(String name) {
    return EncodingNames.find(name)
        .map(TextEncoding::new)
        .orElseThrow(
            () ->
                new DatasetException(
                    "\""
                        + name
                        + "\" is no encoding of text; such are UTF-8, GBK, GB18030, Big5, Shift_JIS,"
                        + " latin-1 (ISO-8859-1), UTF-16LE and UTF-16BE."));
  }

  /** Its name. */
  public String name() {
    return charset.name();
  }

  /**
   * All of a file's text, without a byte order mark.
   *
   * @throws DatasetException if it is no text in this encoding; the line is named
   */
  public String read(Path file) throws IOException {
    try (Reader in = open(Files.newInputStream(RegularFile.require(file)), file)) {
      StringBuilder text = new StringBuilder();
      char[] buffer = new char[1 << 13];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        text.append(buffer, 0, n);
      }
      return text.toString();
    }
  }

  /**
   * A text in UTF-8 that is in memory.
   *
   * @param where whence it is, for the message
   * @throws DatasetException if it is none
   */
  public static String utf8(byte[] bytes, String where) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      String guess = guess(bytes);
      throw new DatasetException(
          where
              + ": a text is not UTF-8"
              + (guess == null ? "." : ", but seems to be " + known(guess) + "."),
          e);
    }
  }

  /**
   * A file's text, without a byte order mark. Where it is no text in this encoding, reading throws
   * a {@link DatasetException} that names the line.
   *
   * @param in the file's bytes, from the first
   * @param file its name in messages; it is read again to find the line
   */
  public BufferedReader open(InputStream in, Path file) throws IOException {
    BufferedInputStream bytes = new BufferedInputStream(in, WINDOW);
    bytes.mark(4);
    byte[] start = bytes.readNBytes(4);
    bytes.reset();
    Mark mark = Mark.of(start);
    bytes.skipNBytes(mark == null ? 0 : mark.length());
    Charset used = mark == null ? charset : mark.charset();
    return new BufferedReader(
        new FilterReader(new InputStreamReader(bytes, used.newDecoder())) {
          @Override
          public int read(char[] into, int offset, int most) throws IOException {
            int count;
            try {
              count = super.read(into, offset, most);
            } catch (CharacterCodingException e) {
              throw malformed(file, used, mark == null ? 0 : mark.length());
            }
            for (int i = offset; i < offset + count; i++) {
              if (into[i] == 0) {
                throw zeroByte(file, used);
              }
            }
            return count;
          }
        },
        WINDOW);
  }

  /** The bytes at the start that name a Unicode encoding. */
  private record Mark(Charset charset, int length) {
    static @Nullable Mark of(byte[] start) {
      if (begins(start, 0xEF, 0xBB, 0xBF)) {
        return new Mark(StandardCharsets.UTF_8, 3);
      }
      if (begins(start, 0xFF, 0xFE, 0, 0)) {
        return new Mark(Charset.forName("UTF-32LE"), 4);
      }
      if (begins(start, 0, 0, 0xFE, 0xFF)) {
        return new Mark(Charset.forName("UTF-32BE"), 4);
      }
      if (begins(start, 0xFF, 0xFE)) {
        return new Mark(StandardCharsets.UTF_16LE, 2);
      }
      return begins(start, 0xFE, 0xFF) ? new Mark(StandardCharsets.UTF_16BE, 2) : null;
    }

    private static boolean begins(byte[] bytes, int... with) {
      for (int i = 0; i < with.length; i++) {
        if (i >= bytes.length || (bytes[i] & 255) != with[i]) {
          return false;
        }
      }
      return true;
    }
  }

  /** Looks for the first bytes that do not fit, and says what they may be. */
  private static DatasetException malformed(Path file, Charset used, int skip) throws IOException {
    CharsetDecoder decoder = used.newDecoder();
    CharBuffer out = CharBuffer.allocate(WINDOW);
    ByteBuffer in = ByteBuffer.allocate(WINDOW).limit(0);
    int line = 1;
    try (InputStream bytes = Files.newInputStream(RegularFile.require(file))) {
      bytes.skipNBytes(skip);
      for (boolean end = false; ; ) {
        in.compact();
        int count = bytes.read(in.array(), in.position(), in.remaining());
        end = count < 0;
        in.position(in.position() + Math.max(0, count)).flip();
        CoderResult result = decoder.decode(in, out, end);
        out.flip();
        line += (int) out.chars().filter(c -> c == '\n').count();
        out.clear();
        if (result.isError()) {
          byte[] rest = Arrays.copyOfRange(in.array(), 0, in.limit());
          byte[] bad = Arrays.copyOfRange(rest, lineStart(rest, in.position()), rest.length);
          String wide = wide(startOf(file));
          return refused(file, line, used, wide == null ? guess(bad) : wide);
        }
        if (end) {
          return refused(file, line, used, null);
        }
      }
    }
  }

  private static int lineStart(byte[] bytes, int at) {
    int start = at;
    while (start > 0 && bytes[start - 1] != '\n') {
      start--;
    }
    return start;
  }

  private static DatasetException zeroByte(Path file, Charset used) throws IOException {
    byte[] start = startOf(file);
    String guess = wide(start);
    if (guess != null) {
      return refused(file, 1, used, guess);
    }
    int line = 1;
    int at = 0;
    while (at < start.length && start[at] != 0) {
      line += start[at++] == '\n' ? 1 : 0;
    }
    return new DatasetException(
        (at < start.length ? file + ", line " + line : file.toString())
            + ": a zero byte stands in the text, so that this is no file of text, or a damaged one."
            + " Save it as text in UTF-8.");
  }

  private static byte[] startOf(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(RegularFile.require(file))) {
      return in.readNBytes(WINDOW);
    }
  }

  /** Which UTF-16 a text is in whose every other byte is often zero; null if it is in neither. */
  private static @Nullable String wide(byte[] start) {
    int[] zeros = new int[2];
    for (int i = 0; i < start.length; i++) {
      zeros[i % 2] += start[i] == 0 ? 1 : 0;
    }
    if (zeros[0] + zeros[1] <= start.length / 8) {
      return null;
    }
    return zeros[1] > zeros[0] ? "UTF-16LE" : "UTF-16BE";
  }

  private static DatasetException refused(
      Path file, int line, Charset used, @Nullable String guess) {
    StringBuilder text = new StringBuilder();
    text.append(file).append(", line ").append(line).append(": this is not ").append(used);
    text.append(" text");
    if (guess == null) {
      text.append(". Save it as UTF-8, or leave it out if it is no text.");
    } else {
      text.append(", but seems to be ")
          .append(known(guess))
          .append(". Save it as UTF-8, such as with");
      text.append(" iconv -f ").append(guess).append(" -t UTF-8 \"").append(file.getFileName());
      text.append("\" > utf8.txt, or name its encoding: in a recipe encoding: ").append(guess);
      text.append(", for training --caption_encoding ").append(guess);
      text.append(" or captionEncoding(\"").append(guess).append("\").");
    }
    return new DatasetException(text.toString());
  }

  /** Under the name that most know it by. */
  private static String known(String encoding) {
    return switch (encoding) {
      case "GB18030" -> "GBK (GB18030)";
      case "windows-1252" -> "Latin-1 (windows-1252)";
      default -> encoding;
    };
  }

  /** What the bytes may be; null if they are hardly text. */
  private static @Nullable String guess(byte[] bytes) {
    byte[] some = Arrays.copyOf(bytes, Math.min(bytes.length, 1 << 13));
    if (hasLonelyAccents(some) && fits(some, LATIN)) {
      return LATIN;
    }
    for (CharsetMatch match : new CharsetDetector().setText(some).detectAll()) {
      String name = match.getName();
      if (match.getConfidence() >= SURE && EASTERN.contains(name) && fits(some, name)) {
        return name;
      }
    }
    return Stream.concat(EASTERN.stream(), Stream.of(LATIN))
        .filter(name -> fits(some, name))
        .findFirst()
        .orElse(null);
  }

  /** Letters with accents stand alone between others, and the bytes of Chinese in pairs. */
  private static boolean hasLonelyAccents(byte[] bytes) {
    int runs = 0;
    int lonely = 0;
    for (int i = 0; i < bytes.length; i++) {
      int start = i;
      while (i < bytes.length && bytes[i] < 0) {
        i++;
      }
      runs += i > start ? 1 : 0;
      lonely += i == start + 1 ? 1 : 0;
    }
    return lonely > runs / 2;
  }

  /** Whether the bytes decode, but for a character that is cut off at the end, into print. */
  private static boolean fits(byte[] bytes, String name) {
    CharBuffer out = CharBuffer.allocate(bytes.length + 1);
    boolean decoded =
        !Charset.forName(name).newDecoder().decode(ByteBuffer.wrap(bytes), out, false).isError();
    return decoded
        && out.flip().chars().noneMatch(c -> Character.isISOControl(c) && "\t\r\n".indexOf(c) < 0);
  }
}
