package io.github.kolors4j.internal.image;

import java.io.IOException;

/**
 * The codes of Lempel, Ziv and Welch, as GIF and TIFF write them. GIF fills bytes from the right
 * and widens its codes when one more bit is needed; TIFF fills them from the left and widens one
 * code earlier.
 */
final class LzwDecoder {
  private static final int MAX_BITS = 12;
  private static final int TABLE = 1 << MAX_BITS;

  private final byte[] in;
  private final boolean tiff;
  private final int clear;
  private final int[] before = new int[TABLE];
  private final byte[] last = new byte[TABLE];
  private final byte[] first = new byte[TABLE];
  private final int[] length = new int[TABLE];
  private long bitsRead;

  private LzwDecoder(byte[] in, int bits, boolean tiff) {
    this.in = in;
    this.tiff = tiff;
    this.clear = 1 << bits;
    for (int value = 0; value < clear; value++) {
      last[value] = (byte) value;
      first[value] = (byte) value;
      length[value] = 1;
    }
  }

  /**
   * Decodes a frame of a GIF.
   *
   * @param bits of an uncompressed value, at most 8
   * @throws IOException if there are fewer values than {@code out} takes, or an impossible code
   */
  static void decodeGif(byte[] in, int bits, byte[] out) throws IOException {
    new LzwDecoder(in, bits, false).decodeInto(out);
  }

  /** Same for a strip or tile of a TIFF. */
  static void decodeTiff(byte[] in, byte[] out) throws IOException {
    boolean old = in.length >= 2 && in[0] == 0 && (in[1] & 1) == 1;
    if (old) {
      throw new IOException("it is compressed with the LZW codes of before TIFF 5.0");
    }
    new LzwDecoder(in, 8, true).decodeInto(out);
  }

  private void decodeInto(byte[] out) throws IOException {
    int narrow = Integer.numberOfTrailingZeros(clear) + 1;
    int width = narrow;
    int next = clear + 2;
    int previous = -1;
    int at = 0;
    while (at < out.length) {
      int code = read(width);
      if (code == clear) {
        width = narrow;
        next = clear + 2;
        previous = -1;
        continue;
      }
      if (code < 0 || code == clear + 1) {
        throw new IOException("it is truncated or damaged: its compressed data end too early");
      }
      if (code > next || (previous < 0 && code > clear) || (code == next && next == TABLE)) {
        throw new IOException("it is damaged: its compressed data have an impossible code");
      }
      if (previous >= 0 && next < TABLE) {
        before[next] = previous;
        first[next] = first[previous];
        last[next] = first[code == next ? previous : code];
        length[next] = length[previous] + 1;
        next++;
        width += next == (1 << width) - (tiff ? 1 : 0) && width < MAX_BITS ? 1 : 0;
      }
      at = write(code, out, at);
      previous = code;
    }
  }

  /** Writes what a code stands for, its end first; what is too much is left out. */
  private int write(int code, byte[] out, int at) {
    int end = at + length[code];
    int from = code;
    for (int i = end - 1; i >= at; i--) {
      if (i < out.length) {
        out[i] = last[from];
      }
      from = before[from];
    }
    return end;
  }

  /** The next code, or -1 at the end. */
  private int read(int width) {
    if (bitsRead + width > 8L * in.length) {
      return -1;
    }
    int code = 0;
    for (int done = 0; done < width; ) {
      int inByte = (int) (bitsRead & 7);
      int count = Math.min(8 - inByte, width - done);
      int value = in[(int) (bitsRead >>> 3)] & 0xff;
      if (tiff) {
        code = code << count | value >> (8 - inByte - count) & ((1 << count) - 1);
      } else {
        code |= (value >> inByte & ((1 << count) - 1)) << done;
      }
      done += count;
      bitsRead += count;
    }
    return code;
  }
}
