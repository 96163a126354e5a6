package io.github.kolors4j.internal.image;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;

/**
 * The parts of a JPEG that hold its picture, apart from what programs say about it in their own
 * segments.
 */
final class JpegStream {
  private static final int HUFFMAN_CODES = 0xc4;
  private static final int START_OF_IMAGE = 0xd8;
  private static final int END_OF_IMAGE = 0xd9;
  private static final int START_OF_SCAN = 0xda;
  private static final int JFIF_SEGMENT = 0xe0;
  private static final int ADOBE_SEGMENT = 0xee;
  private static final int MAX_SEGMENTS = 100_000;

  private static final byte[] JFIF = {
    -1, (byte) 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0
  };

  /** What the first three samples of a pixel are. */
  enum Colours {
    /** Luma and two chromas. */
    LUMA_CHROMA,
    /** What the picture is made of: grey; red, green and blue; inks. */
    AS_STORED
  }

  private final byte[] jpeg;
  private final ByteArrayOutputStream tables = new ByteArrayOutputStream();
  private int at;
  private int marker;
  private int process;
  private byte[] frame = new byte[0];
  private boolean jfif;
  private int adobeTransform = -1;
  private boolean hasCodes;
  private int scans;
  private int scansStart;
  private int scansEnd;
  private boolean ended;

  private JpegStream(byte[] jpeg) {
    this.jpeg = jpeg;
  }

  /**
   * Finds the parts.
   *
   * @param shared tables that come first, as a JPEG of their own; may be empty
   * @throws IOException if it has no frame header or ends within a segment
   */
  static JpegStream parse(byte[] jpeg, byte[] shared) throws IOException {
    JpegStream stream = new JpegStream(jpeg);
    if (shared.length > 4) {
      JpegStream first = new JpegStream(shared);
      first.at = 2;
      first.readSegments();
      stream.tables.writeBytes(first.tables.toByteArray());
      stream.hasCodes = first.hasCodes;
    }
    stream.at = 2;
    stream.readSegments();
    if (stream.frame.length < 6 || stream.frame.length < 6 + 3 * stream.components()) {
      throw new IOException("it is damaged: a JPEG without a frame header");
    }
    stream.readScans();
    return stream;
  }

  /** Which kind of coding: the second byte of the marker SOF. */
  int process() {
    return process;
  }

  int bits() {
    return frame[0] & 0xff;
  }

  int components() {
    return frame[5] & 0xff;
  }

  int scans() {
    return scans;
  }

  /** Whether the picture's end is marked. */
  boolean ended() {
    return ended;
  }

  /** libjpeg's rules. */
  Colours colours() {
    if (components() == 4) {
      return adobeTransform > 0 ? Colours.LUMA_CHROMA : Colours.AS_STORED;
    }
    if (components() != 3) {
      return Colours.AS_STORED;
    }
    boolean named = frame[6] == 'R' && frame[9] == 'G' && frame[12] == 'B';
    boolean asStored = !jfif && (adobeTransform >= 0 ? adobeTransform == 0 : named);
    return asStored ? Colours.AS_STORED : Colours.LUMA_CHROMA;
  }

  /** Those that have as many samples across as the picture, and half as many down. */
  List<Integer> componentsOfSharedRows() {
    int across = 0;
    int down = 0;
    for (int c = 0; c < components(); c++) {
      across = Math.max(across, frame[7 + 3 * c] >> 4 & 15);
      down = Math.max(down, frame[7 + 3 * c] & 15);
    }
    List<Integer> shared = new ArrayList<>();
    for (int c = 0; c < components(); c++) {
      boolean here = (frame[7 + 3 * c] >> 4 & 15) == across && 2 * (frame[7 + 3 * c] & 15) == down;
      if (here) {
        shared.add(c);
      }
    }
    return shared;
  }

  /**
   * A JPEG of the picture's parts alone.
   *
   * @param colours if three samples are not {@link Colours#AS_STORED}, decoders will make red,
   *     green and blue of them
   */
  byte[] clean(Colours colours) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(jpeg.length + 32);
    out.write(0xff);
    out.write(START_OF_IMAGE);
    boolean lumaChroma = components() == 3 && colours == Colours.LUMA_CHROMA;
    if (lumaChroma) {
      out.writeBytes(JFIF);
    }
    out.writeBytes(tables.toByteArray());
    if (!hasCodes) {
      writeUsualCodes(out);
    }
    byte[] names =
        components() == 3 && !lumaChroma ? new byte[] {'R', 'G', 'B'} : new byte[] {1, 2, 3, 4};
    byte[] header = frame.clone();
    for (int i = 0; i < Math.min(components(), names.length); i++) {
      header[6 + 3 * i] = names[i];
    }
    writeSegment(out, process, header, header.length);
    writeScans(out, names);
    out.write(0xff);
    out.write(END_OF_IMAGE);
    return out.toByteArray();
  }

  private static void writeSegment(
      ByteArrayOutputStream out, int marker, byte[] content, int length) {
    out.write(0xff);
    out.write(marker);
    out.write(length + 2 >> 8);
    out.write(length + 2);
    out.write(content, 0, length);
  }

  /** Pictures of a film (Motion JPEG) leave those of the JPEG standard out. */
  private static void writeUsualCodes(ByteArrayOutputStream out) {
    writeCodes(out, 0x00, JPEGHuffmanTable.StdDCLuminance);
    writeCodes(out, 0x10, JPEGHuffmanTable.StdACLuminance);
    writeCodes(out, 0x01, JPEGHuffmanTable.StdDCChrominance);
    writeCodes(out, 0x11, JPEGHuffmanTable.StdACChrominance);
  }

  private static void writeCodes(ByteArrayOutputStream out, int name, JPEGHuffmanTable table) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.write(name);
    for (short count : Arrays.copyOf(table.getLengths(), 16)) {
      content.write(count);
    }
    for (short value : table.getValues()) {
      content.write(value);
    }
    writeSegment(out, HUFFMAN_CODES, content.toByteArray(), content.size());
  }

  /** Everything up to the first scan. */
  private void readSegments() throws IOException {
    for (int i = 0; i < MAX_SEGMENTS && nextMarker(); i++) {
      if (marker == START_OF_SCAN) {
        at -= 2;
        return;
      }
      if (marker == END_OF_IMAGE) {
        return;
      }
      boolean alone = marker == 0x01 || marker >= 0xd0 && marker <= START_OF_IMAGE;
      if (alone) {
        continue;
      }
      int length = segmentLength();
      int start = at + 2;
      boolean isFrame =
          marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
      if (isFrame) {
        if (frame.length > 0) {
          throw new IOException("it is damaged: it has two frame headers");
        }
        process = marker;
        frame = Arrays.copyOfRange(jpeg, start, start + length);
      } else if (marker == JFIF_SEGMENT) {
        if (begins(start, length, "JFIF") && length < 7) {
          throw new IOException("it is damaged: its segment JFIF is too short");
        }
        jfif |= length >= 14 && begins(start, length, "JFIF\0");
      } else if (marker == ADOBE_SEGMENT) {
        if (length >= 12 && begins(start, length, "Adobe")) {
          adobeTransform = jpeg[start + 11] & 0xff;
        }
      } else if (marker < JFIF_SEGMENT && marker != 0xc8) { // others are a program's own
        tables.write(jpeg, at - 2, length + 4);
        hasCodes |= marker == HUFFMAN_CODES;
      }
      at = start + length;
    }
  }

  private boolean begins(int start, int length, String name) {
    return length >= name.length()
        && new String(jpeg, start, name.length(), StandardCharsets.ISO_8859_1).equals(name);
  }

  /** Passes over what is no marker, as libjpeg does. */
  private boolean nextMarker() {
    while (at + 1 < jpeg.length) {
      int next = jpeg[at + 1] & 0xff;
      if (jpeg[at] == -1 && next != 0 && next != 0xff) {
        marker = next;
        at += 2;
        return true;
      }
      at++;
    }
    return false;
  }

  /** Of its content; {@link #at} is at its length. */
  private int segmentLength() throws IOException {
    if (at + 2 > jpeg.length) {
      throw new EOFException("it is truncated: it ends inside its header");
    }
    int length = ((jpeg[at] & 0xff) << 8 | jpeg[at + 1] & 0xff) - 2;
    if (length < 0 || at + 2 + length > jpeg.length) {
      throw new EOFException("it is truncated: it ends inside its header");
    }
    return length;
  }

  /** Where the scans are, and where they end. */
  private void readScans() throws IOException {
    scansStart = at;
    while (nextMarkerInScan()) {
      if (marker == END_OF_IMAGE) {
        ended = true;
        break;
      }
      scans += marker == START_OF_SCAN ? 1 : 0;
      at += 2 + segmentLength();
    }
    scansEnd = Math.max(scansStart, ended ? at - 2 : jpeg.length);
  }

  /** Within compressed data 0xff is escaped, and restarts have no content. */
  private boolean nextMarkerInScan() {
    while (nextMarker()) {
      boolean alone = marker == 0x01 || marker >= 0xd0 && marker <= START_OF_IMAGE;
      if (!alone) {
        return true;
      }
    }
    return false;
  }

  /** Scans name the components that they hold. */
  private void writeScans(ByteArrayOutputStream out, byte[] names) throws IOException {
    at = scansStart;
    int written = scansStart;
    while (nextMarkerInScan() && marker != END_OF_IMAGE) {
      int start = at + 2;
      int length = segmentLength();
      if (marker == START_OF_SCAN) {
        out.write(jpeg, written, start - written);
        out.writeBytes(renamed(Arrays.copyOfRange(jpeg, start, start + length), names));
        written = start + length;
      }
      at = start + length;
    }
    out.write(jpeg, written, scansEnd - written);
  }

  private byte[] renamed(byte[] scan, byte[] names) throws IOException {
    int count = scan.length < 1 ? 0 : scan[0] & 0xff;
    if (count < 1 || count > 4 || scan.length < 1 + 2 * count) {
      throw new IOException("it is damaged: a scan without its components");
    }
    boolean[] used = new boolean[components()];
    for (int i = 0; i < count; i++) {
      int found = -1;
      for (int c = 0; c < components() && found < 0; c++) {
        boolean same = !used[c] && frame[6 + 3 * c] == scan[1 + 2 * i];
        found = same ? c : -1;
      }
      if (found < 0 || found >= names.length) {
        throw new IOException("it is damaged: a scan of a component that the picture lacks");
      }
      used[found] = true;
      scan[1 + 2 * i] = names[found];
    }
    return scan;
  }
}
