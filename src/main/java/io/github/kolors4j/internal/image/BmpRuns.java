package io.github.kolors4j.internal.image;

import java.io.IOException;

/**
 * The run lengths of a BMP, read as Pillow's {@code BmpRleDecoder} reads them, in what it does with
 * rows that are too long or too short as well.
 */
final class BmpRuns {
  private final byte[] in;
  private final long start;
  private final int width;
  private final boolean halves;
  private int at;

  /**
   * @param start where the runs begin in the file: absolute ones are padded to an even place
   * @param halves whether a byte holds two pixels
   */
  BmpRuns(byte[] in, long start, int width, boolean halves) {
    this.in = in;
    this.start = start;
    this.width = width;
    this.halves = halves;
  }

  /**
   * @throws IOException if the runs end before the picture does
   */
  void decodeInto(byte[] out) throws IOException {
    int done = 0;
    int x = 0;
    while (done < out.length) {
      if (at + 2 > in.length) {
        throw tooShort();
      }
      int count = in[at++] & 0xff;
      int value = in[at++] & 0xff;
      if (count > 0) {
        int run = Math.min(Math.max(0, Math.min(count, width - x)), out.length - done);
        for (int i = 0; i < run; i++) {
          out[done++] = (byte) (!halves ? value : i % 2 == 0 ? value >> 4 : value & 15);
        }
        x += run;
      } else if (value == 0) { // the row's end
        done += (width - done % width) % width;
        x = 0;
      } else if (value == 1) {
        throw tooShort();
      } else if (value == 2) { // to another place
        if (at + 2 > in.length) {
          throw tooShort();
        }
        long skipped = (in[at++] & 0xff) + (long) (in[at++] & 0xff) * width;
        done += (int) Math.min(out.length - done, skipped);
        x = done % width;
      } else {
        int pixels = Math.min(out.length - done, value);
        int bytes = halves ? (pixels + 1) / 2 : pixels;
        if (at + bytes > in.length) {
          throw tooShort();
        }
        for (int i = 0; i < pixels; i++) {
          int from = in[at + (halves ? i / 2 : i)] & 0xff;
          out[done++] = (byte) (!halves ? from : i % 2 == 0 ? from >> 4 : from & 15);
        }
        at += bytes;
        x += value;
        at += (int) ((start + at) % 2);
      }
    }
  }

  private static IOException tooShort() {
    return new IOException("its run lengths end before the picture does");
  }
}
