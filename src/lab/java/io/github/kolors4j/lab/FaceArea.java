package io.github.kolors4j.lab;

import ai.djl.ndarray.NDArray;

/**
 * The part of a rendered avatar in which the eyes and mouths of all styles lie: a fifth of the
 * picture that holds nearly all that a prompt can ask for and the eye looks at.
 */
final class FaceArea {
  /** Rows and columns, in parts of a picture. */
  private static final double TOP = 0.25;

  private static final double BOTTOM = 0.625;
  private static final double LEFT = 0.25;
  private static final double RIGHT = 0.75;

  private FaceArea() {}

  /**
   * Cuts faces out.
   *
   * @param pictures (pictures, channels, height, width)
   */
  static NDArray of(NDArray pictures) {
    long height = pictures.getShape().get(2);
    long width = pictures.getShape().get(3);
    String rows = Math.round(height * TOP) + ":" + Math.round(height * BOTTOM);
    String columns = Math.round(width * LEFT) + ":" + Math.round(width * RIGHT);
    return pictures.get(":,:," + rows + "," + columns);
  }
}
