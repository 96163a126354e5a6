package io.github.kolors4j.internal.comfy;

/**
 * The middle part of something that has another's shape.
 *
 * @param x where it begins
 * @param y likewise
 */
record Cut(int x, int y, int width, int height) {

  /** As ComfyUI's {@code common_upscale} with {@code center} cuts it. */
  static Cut of(int oldWidth, int oldHeight, int width, int height) {
    double oldShape = (double) oldWidth / oldHeight;
    double shape = (double) width / height;
    int x = 0;
    int y = 0;
    if (oldShape > shape) {
      x = (int) Math.rint((oldWidth - oldWidth * (shape / oldShape)) / 2);
    } else if (oldShape < shape) {
      y = (int) Math.rint((oldHeight - oldHeight * (oldShape / shape)) / 2);
    }
    return new Cut(x, y, oldWidth - 2 * x, oldHeight - 2 * y);
  }
}
