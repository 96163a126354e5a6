package io.github.kolors4j.internal.image;

/** Luma and chroma (YCbCr, JFIF's) as RGB. */
final class LumaChroma {
  private static final int HALF = 1 << 15;

  private LumaChroma() {}

  /** In fixed point of 16 bits, as libjpeg computes it. */
  static int toRgb(int luma, int blueness, int redness) {
    int blue = blueness - 128;
    int red = redness - 128;
    return clip(luma + (91_881 * red + HALF >> 16)) << 16
        | clip(luma + (-22_554 * blue - 46_802 * red + HALF >> 16)) << 8
        | clip(luma + (116_130 * blue + HALF >> 16));
  }

  private static int clip(int value) {
    return Math.max(0, Math.min(255, value));
  }
}
