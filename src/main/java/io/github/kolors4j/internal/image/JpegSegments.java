package io.github.kolors4j.internal.image;

import java.io.IOException;
import java.io.RandomAccessFile;

/** Walks the marker segments of a JPEG, up to the first scan: sizes, tables, EXIF data. */
final class JpegSegments {
  /** More segments than any honest file has before its picture. */
  private static final int MOST = 100_000;

  private static final int END_OF_IMAGE = 0xd9;
  private static final int START_OF_SCAN = 0xda;

  private final RandomAccessFile in;
  private long next = 2;
  private int seen;
  private int marker;
  private long content;

  JpegSegments(RandomAccessFile in) {
    this.in = in;
  }

  /**
   * Goes to the next segment that has content; {@code in} is then at its beginning.
   *
   * @return false if the picture comes first
   */
  boolean next() throws IOException {
    in.seek(next);
    while (seen++ < MOST) {
      if (in.readUnsignedByte() != 0xff) {
        continue; // what is no segment is passed over, as libjpeg does
      }
      marker = in.readUnsignedByte();
      if (marker == 0xff) { // a fill byte: the next may be the marker
        in.seek(in.getFilePointer() - 1);
        continue;
      }
      boolean standalone = marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8);
      if (standalone) {
        continue;
      }
      if (marker == END_OF_IMAGE || marker == START_OF_SCAN) {
        return false;
      }
      int length = in.readUnsignedShort();
      content = in.getFilePointer();
      next = content + Math.max(0, length - 2);
      return true;
    }
    return false;
  }

  int marker() {
    return marker;
  }

  /** Where the segment's content begins, behind its length. */
  long content() {
    return content;
  }
}
