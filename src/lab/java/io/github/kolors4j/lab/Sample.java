package io.github.kolors4j.lab;

import java.awt.image.BufferedImage;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A picture and what it should show.
 *
 * @param prompt what was asked for, in words
 * @param attributes attribute → value, for example hairColor → blue
 * @param picture draws, reads or generates the picture when it is needed
 */
record Sample(String prompt, Map<String, String> attributes, Supplier<BufferedImage> picture) {
  public Sample {
    attributes = Map.copyOf(attributes);
  }
}
