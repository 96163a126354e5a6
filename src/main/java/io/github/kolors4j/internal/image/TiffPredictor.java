package io.github.kolors4j.internal.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Turns differences, which compress better, back into the samples of a TIFF. */
final class TiffPredictor {
  private static final int SAMPLES = 2;
  private static final int FRACTIONS = 3;

  private TiffPredictor() {}

  /** TIFF 6.0, section 14, and Adobe's technical note 3 for fractions. */
  static void undo(TiffDirectory directory, byte[] bytes, int width, int rows, int samples) {
    int size = directory.bits()[0] / 8;
    for (int y = 0; y < rows; y++) {
      int at = y * width * samples * size;
      if (directory.predictor() == SAMPLES) {
        addSamples(bytes, at, width * samples, samples, size, directory.order());
      } else if (directory.predictor() == FRACTIONS) {
        addBytes(bytes, at, width * samples, samples, size, directory.order());
      }
    }
  }

  private static void addSamples(
      byte[] bytes, int at, int count, int samples, int size, ByteOrder order) {
    if (size == 1) {
      for (int i = samples; i < count; i++) {
        bytes[at + i] += bytes[at + i - samples];
      }
      return;
    }
    ByteBuffer row = ByteBuffer.wrap(bytes).order(order);
    for (int i = samples; i < count; i++) {
      int here = at + i * size;
      int before = here - samples * size;
      if (size == 2) {
        row.putShort(here, (short) (row.getShort(here) + row.getShort(before)));
      } else {
        row.putInt(here, row.getInt(here) + row.getInt(before));
      }
    }
  }

  /** All first bytes of a row lie together, then all second ones; the first are the highest. */
  private static void addBytes(
      byte[] bytes, int at, int count, int samples, int size, ByteOrder order) {
    for (int i = samples; i < count * size; i++) {
      bytes[at + i] += bytes[at + i - samples];
    }
    byte[] apart = new byte[count * size];
    System.arraycopy(bytes, at, apart, 0, apart.length);
    for (int i = 0; i < count; i++) {
      for (int b = 0; b < size; b++) {
        int place = order == ByteOrder.BIG_ENDIAN ? b : size - 1 - b;
        bytes[at + i * size + place] = apart[b * count + i];
      }
    }
  }
}
