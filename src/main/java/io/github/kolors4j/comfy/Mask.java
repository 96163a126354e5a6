package io.github.kolors4j.comfy;

/**
 * A mask of a picture (ComfyUI's {@code MASK}).
 *
 * @param values from 0 to 1, row by row
 * @param width in pixels
 * @param height in pixels
 */
public record Mask(float[] values, int width, int height) {

  /** Checks that there are as many values as pixels. */
  public Mask {
    if (values.length != (long) width * height) {
      throw new IllegalArgumentException(
          "A mask of %d×%d does not have %d values.".formatted(width, height, values.length));
    }
  }

  @Override
  public String toString() {
    return "Mask %d×%d".formatted(width, height);
  }
}
