package io.github.kolors4j.internal.image;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The compressed pixels of a PNG, which may lie in several chunks one behind the other. */
final class PngPixels extends InputStream {
  private static final int PIXELS = 0x49444154; // IDAT
  private static final int FRAME = 0x66644154; // fdAT

  private final DataInputStream in;
  private int left;
  private boolean ended;

  /**
   * @param in behind the first chunk's name
   * @param frame whether that chunk is one of an animation, which begins with a number
   */
  PngPixels(DataInputStream in, int length, boolean frame) throws IOException {
    this.in = in;
    this.left = length;
    if (frame) {
      skipNumber();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    while (left == 0 && !ended) {
      try {
        in.skipNBytes(4); // the checksum; the compressed data have one of their own
        left = in.readInt();
        int name = in.readInt();
        ended = left < 0 || (name != PIXELS && name != FRAME);
        if (name == FRAME && !ended) {
          skipNumber();
        }
      } catch (EOFException e) {
        ended = true;
      }
    }
    if (ended) {
      return -1;
    }
    int count = in.read(bytes, from, Math.min(length, left));
    if (count < 0) {
      ended = true;
    } else {
      left -= count;
    }
    return count;
  }

  private void skipNumber() throws IOException {
    if (left < 4) {
      throw new IOException("a frame is too short");
    }
    in.skipNBytes(4);
    left -= 4;
  }
}
