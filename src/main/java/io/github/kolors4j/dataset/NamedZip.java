package io.github.kolors4j.dataset;

import io.github.kolors4j.internal.files.RegularFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A zip file whose entries are found by their names, in whichever encoding they were written:
 * Windows' programs write Chinese names in GBK without saying so. Names that say that they are
 * UTF-8 are.
 */
final class NamedZip implements AutoCloseable {
  private static final List<Charset> ENCODINGS =
      List.of(
          StandardCharsets.UTF_8,
          Charset.forName("GB18030"),
          Charset.forName("Big5"),
          Charset.forName("windows-31j"),
          Charset.forName("x-windows-949"),
          Charset.forName("IBM437"));
  private static final int SHOWN = 3;

  private final Path file;
  private final ZipFile zip;
  private final Map<String, ZipEntry> entries = new HashMap<>();

  private NamedZip(Path file, ZipFile zip) {
    this.file = file;
    this.zip = zip;
    zip.stream().filter(e -> !e.isDirectory()).forEach(e -> entries.put(usual(e.getName()), e));
  }

  /**
   * Opens a file with the first encoding in which it has all names.
   *
   * @throws DatasetException if it is no zip file, or lacks some in each encoding
   */
  static NamedZip open(Path file, List<String> names) throws IOException {
    Charset readable = null;
    ZipException problem = null;
    for (Charset encoding : ENCODINGS) {
      NamedZip zip;
      try {
        zip = open(file, encoding);
      } catch (ZipException e) {
        problem = problem == null ? e : problem;
        continue;
      } catch (IllegalArgumentException e) {
        continue; // A name does not decode.
      }
      if (names.stream().allMatch(name -> zip.entries.containsKey(usual(name)))) {
        return zip;
      }
      readable = readable == null ? encoding : readable;
      // Java gives a file that is still open the names of the encoding that it was opened with.
      zip.close();
    }
    if (readable != null) {
      return open(file, readable); // What it lacks will be named.
    }
    throw NotZip.reason(file, problem);
  }

  private static NamedZip open(Path file, Charset encoding) throws IOException {
    ZipFile zip = new ZipFile(RegularFile.require(file).toFile(), encoding);
    try {
      return new NamedZip(file, zip);
    } catch (IllegalArgumentException e) {
      zip.close();
      throw e;
    }
  }

  /**
   * The content of an entry.
   *
   * @param where who names it
   * @throws DatasetException if there is none of that name
   */
  InputStream open(String name, String where) throws IOException {
    ZipEntry entry = entries.get(usual(name));
    if (entry == null) {
      List<String> some = new ArrayList<>();
      entries.values().stream().limit(SHOWN).forEach(e -> some.add(e.getName()));
      throw new DatasetException(
          "%s names \"%s\", which is not in %s; that has %d files, such as %s."
              .formatted(where, name, file, entries.size(), some));
    }
    return new Verified(zip.getInputStream(entry), entry, file);
  }

  /** An entry whose end is reached only if it has the checksum that the archive says. */
  private static final class Verified extends CheckedInputStream {
    private final ZipEntry entry;
    private final Path file;

    Verified(InputStream in, ZipEntry entry, Path file) {
      super(in, new CRC32());
      this.entry = entry;
      this.file = file;
    }

    @Override
    public int read(byte[] into, int offset, int most) throws IOException {
      int count = super.read(into, offset, most);
      if (count < 0 && getChecksum().getValue() != entry.getCrc()) {
        throw new DatasetException(
            "%s: the content of %s is damaged (its checksum differs): load the set again."
                .formatted(file, entry.getName()));
      }
      return count;
    }
  }

  /** With {@code /} between folders, without {@code ./}, and with accents in one piece. */
  private static String usual(String name) {
    String slashes = name.strip().replace('\\', '/').replaceAll("(?:^|(?<=/))(?:\\./)+", "");
    return Normalizer.normalize(slashes, Normalizer.Form.NFC);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
