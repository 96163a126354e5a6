package io.github.kolors4j.image;

import java.awt.image.BufferedImage;

/**
 * A value that can be looked at: as the last expression of a notebook cell it shows its picture.
 */
public interface Renderable {

  /** Draws this value as it is now; width and height are at least one pixel. */
  BufferedImage render();
}
