package io.github.kolors4j.internal.weights;

import io.github.kolors4j.internal.files.ForeignFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The zip archive that {@code torch.save} writes: every entry stored as it is, one after the other.
 * An archive says twice what an entry is called and how it lies in the file, in its list of
 * contents at the end and in a header before the entry; programs that believe one or the other
 * would read different numbers, so an entry about which the two disagree is refused.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">The zip
 *     specification</a>, 4.3
 */
final class TorchArchive implements AutoCloseable {
  private static final int MAX_ENTRIES = 200_000;
  private static final int LOCAL_HEADER = 30;
  private static final int LOCAL_HEADER_SIGNATURE = 0x04034b50;
  private static final int CONTENTS_SIGNATURE = 0x02014b50;
  private static final int DESCRIPTOR_SIGNATURE = 0x08074b50;
  private static final int STORED = 0;

  /** The bit of a local header which says that sizes and checksum follow the entry instead. */
  private static final int FOLLOWED_BY_DESCRIPTOR = 1 << 3;

  private static final long TOO_LARGE_FOR_THE_FIELD = 0xffffffffL;

  /**
   * Where an entry's bytes lie.
   *
   * @param crc their checksum, 0 if none was recorded
   */
  record Entry(long offset, long size, long crc) {}

  private final FileChannel channel;
  private final Map<String, ZipArchiveEntry> contents;
  private final Map<String, Entry> checked = new HashMap<>();

  private TorchArchive(FileChannel channel, Map<String, ZipArchiveEntry> contents) {
    this.channel = channel;
    this.contents = contents;
  }

  /**
   * Opens an archive and reads its list of contents.
   *
   * @throws IOException if the file is no archive, or damaged
   */
  static TorchArchive open(Path path) throws IOException {
    ForeignFile.requireRegular(path);
    requireFewEntries(path);
    Map<String, ZipArchiveEntry> contents = contents(path);
    return new TorchArchive(FileChannel.open(path, StandardOpenOption.READ), contents);
  }

  /** Java's own reader counts the entries before it makes anything of them. */
  private static void requireFewEntries(Path path) throws IOException {
    try (var zip = new java.util.zip.ZipFile(path.toFile())) {
      if (zip.size() > MAX_ENTRIES) {
        throw new ZipException("it has %,d entries".formatted(zip.size()));
      }
    } catch (IllegalArgumentException e) {
      throw new ZipException(e.getMessage());
    }
  }

  private static Map<String, ZipArchiveEntry> contents(Path path) throws IOException {
    Map<String, ZipArchiveEntry> contents = new HashMap<>();
    try (ZipFile zip =
        ZipFile.builder()
            .setPath(path)
            .setIgnoreLocalFileHeader(true)
            .setUseUnicodeExtraFields(false) // torch does not know them
            .get()) {
      for (var entries = zip.getEntries(); entries.hasMoreElements(); ) {
        ZipArchiveEntry entry = entries.nextElement();
        if (contents.put(entry.getName(), entry) != null) {
          throw new ZipException("it lists %s twice".formatted(entry.getName()));
        }
      }
    } catch (IllegalArgumentException e) {
      throw new ZipException(e.getMessage());
    }
    return contents;
  }

  /**
   * The folder inside the archive that holds everything, with a slash at its end, or the empty
   * text.
   *
   * @return null if there is no {@code data.pkl} one folder deep
   */
  @Nullable String root() throws IOException {
    String found = null;
    for (String name : contents.keySet()) {
      if (name.matches("([^/]+/)?data\\.pkl")) {
        if (found != null) {
          throw new ZipException("it has two pickles, %s and %s".formatted(found, name));
        }
        found = name;
      }
    }
    return found == null ? null : found.substring(0, found.length() - "data.pkl".length());
  }

  /** Whether the list of contents has an entry. */
  boolean has(String name) {
    return contents.containsKey(name);
  }

  /** Whether an entry is compressed, which torch never does. */
  boolean isCompressed(String name) {
    ZipArchiveEntry entry = contents.get(name);
    return entry != null && entry.getMethod() != STORED;
  }

  /**
   * Where a stored entry lies, or null if there is none of this name.
   *
   * @throws IOException if the file says two things about it, or ends before it does
   */
  @Nullable Entry entry(String name) throws IOException {
    Entry known = checked.get(name);
    ZipArchiveEntry listed = contents.get(name);
    if (known == null && listed != null) {
      known = check(listed);
      checked.put(name, known);
    }
    return known;
  }

  private Entry check(ZipArchiveEntry listed) throws IOException {
    ByteBuffer header = bytes(listed.getLocalHeaderOffset(), LOCAL_HEADER);
    int nameLength = header.getShort(26) & 0xffff;
    int extraLength = header.getShort(28) & 0xffff;
    long nameStart = listed.getLocalHeaderOffset() + LOCAL_HEADER;
    boolean alike =
        header.getInt(0) == LOCAL_HEADER_SIGNATURE
            && nameLength == listed.getRawName().length
            && Arrays.equals(bytes(nameStart, nameLength).array(), listed.getRawName())
            && header.getShort(8) == STORED
            && listed.getSize() == listed.getCompressedSize()
            && !listed.getGeneralPurposeBit().usesEncryption();
    Entry entry =
        new Entry(nameStart + nameLength + extraLength, listed.getSize(), listed.getCrc());
    if (alike) {
      // What follows the bytes shows that they lie where the header says.
      ByteBuffer next = bytes(entry.offset() + entry.size(), 8);
      if ((header.getShort(6) & FOLLOWED_BY_DESCRIPTOR) != 0) {
        boolean signed = next.getInt(0) == DESCRIPTOR_SIGNATURE;
        alike = (next.getInt(signed ? 4 : 0) & 0xffffffffL) == entry.crc();
      } else {
        alike =
            (next.getInt(0) == LOCAL_HEADER_SIGNATURE || next.getInt(0) == CONTENTS_SIGNATURE)
                && (header.getInt(14) & 0xffffffffL) == entry.crc()
                && isSize(header.getInt(18), entry.size())
                && isSize(header.getInt(22), entry.size());
      }
    }
    if (!alike) {
      throw new ZipException(
          "its list of contents and the header before %s disagree".formatted(listed.getName()));
    }
    if (entry.size() < 0 || entry.offset() > channel.size() - entry.size()) {
      throw new EOFException("it ends within %s".formatted(listed.getName()));
    }
    return entry;
  }

  private static boolean isSize(int field, long size) {
    long stated = field & 0xffffffffL;
    return stated == size || stated == TOO_LARGE_FOR_THE_FIELD;
  }

  private ByteBuffer bytes(long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    readFully(bytes, position);
    return bytes.flip();
  }

  /** Reads an entry whole and compares its checksum. */
  byte[] bytes(Entry entry) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(entry.size()));
    new EntryReader(entry).read(bytes, 0);
    return bytes.array();
  }

  /** A reader of an entry's bytes. */
  EntryReader reader(Entry entry) {
    return new EntryReader(entry);
  }

  /** The file, for those who map a part of it. */
  FileChannel channel() {
    return channel;
  }

  /** Reads pieces of an entry; if they are all of it, in order, the checksum is compared. */
  final class EntryReader {
    private final Entry entry;
    private final CRC32 crc = new CRC32();
    private long reached;

    private EntryReader(Entry entry) {
      this.entry = entry;
    }

    void read(ByteBuffer target, long position) throws IOException {
      ByteBuffer piece = target.slice();
      readFully(target, entry.offset() + position);
      if (position == reached && entry.crc() != 0) {
        reached += piece.remaining();
        crc.update(piece);
        if (reached == entry.size() && crc.getValue() != entry.crc()) {
          throw new ZipException("its bytes do not have the checksum that was recorded with them");
        }
      }
    }
  }

  private void readFully(ByteBuffer target, long position) throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int count = at < 0 ? -1 : channel.read(target, at);
      if (count < 0) {
        throw new EOFException("it ends too early");
      }
      at += count;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // Nothing was written, so nothing is lost.
    }
  }
}
