package io.github.kolors4j.concepts;

import java.awt.image.BufferedImage;
import java.util.List;

/** What a film's pictures must be. */
final class Frames {
  private Frames() {}

  static void requireOneSize(List<BufferedImage> frames) {
    if (frames.isEmpty()) {
      throw new IllegalArgumentException("A film needs at least one frame.");
    }
    BufferedImage first = frames.get(0);
    for (BufferedImage frame : frames) {
      if (frame.getWidth() != first.getWidth() || frame.getHeight() != first.getHeight()) {
        throw new IllegalArgumentException(
            "The frames of a film have one size: the first has %d x %d pixels, another %d x %d."
                .formatted(
                    first.getWidth(), first.getHeight(), frame.getWidth(), frame.getHeight()));
      }
    }
  }
}
