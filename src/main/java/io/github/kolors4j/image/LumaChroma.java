package io.github.kolors4j.image;

/** Luma and chroma (YCbCr, JFIF's) as RGB. */
final class LumaChroma {
  private LumaChroma() {}

  static int toRgb(int luma, int blueness, int redness) {
    double blue = blueness - 128;
    double red = redness - 128;
    return clip(luma + 1.402 * red) << 16
        | clip(luma - 0.344136 * blue - 0.714136 * red) << 8
        | clip(luma + 1.772 * blue);
  }

  private static int clip(double value) {
    return (int) Math.max(0, Math.min(255, Math.rint(value)));
  }
}
