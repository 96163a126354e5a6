package io.github.kolors4j.internal.image;

import java.awt.image.WritableRaster;

/**
 * Rows of a JPEG's chroma that two rows of the picture share. libjpeg 6b, which some Javas bring,
 * repeats them; libjpeg-turbo, which Pillow and other Javas bring, goes from one to the next
 * ({@code h1v2_fancy_upsample} in {@code jdsample.c}). Here the result is always the latter.
 */
final class JpegRows {
  private JpegRows() {}

  /** Smooths a band whose rows were repeated; leaves one that was smoothed as it is. */
  static void smooth(WritableRaster samples, int band) {
    int width = samples.getWidth();
    int height = samples.getHeight();
    int[] band0 = samples.getSamples(0, 0, width, height, band, (int[]) null);
    for (int y = 0; y + 1 < height; y += 2) {
      for (int x = 0; x < width; x++) {
        if (band0[y * width + x] != band0[(y + 1) * width + x]) {
          return;
        }
      }
    }
    int shared = (height + 1) / 2;
    int[] smooth = new int[band0.length];
    for (int y = 0; y < height; y++) {
      boolean upper = y % 2 == 0;
      int own = y / 2;
      int neighbour = Math.max(0, Math.min(shared - 1, upper ? own - 1 : own + 1));
      for (int x = 0; x < width; x++) {
        int sum = 3 * band0[2 * own * width + x] + band0[2 * neighbour * width + x];
        smooth[y * width + x] = sum + (upper ? 1 : 2) >> 2;
      }
    }
    samples.setSamples(0, 0, width, height, band, smooth);
  }

  /** Turns luma and chroma into red, green and blue. */
  static void toRgb(WritableRaster samples) {
    int[] row = new int[3 * samples.getWidth()];
    for (int y = 0; y < samples.getHeight(); y++) {
      samples.getPixels(0, y, samples.getWidth(), 1, row);
      for (int i = 0; i < row.length; i += 3) {
        int rgb = LumaChroma.toRgb(row[i], row[i + 1], row[i + 2]);
        row[i] = rgb >> 16;
        row[i + 1] = rgb >> 8 & 0xff;
        row[i + 2] = rgb & 0xff;
      }
      samples.setPixels(0, y, samples.getWidth(), 1, row);
    }
  }
}
