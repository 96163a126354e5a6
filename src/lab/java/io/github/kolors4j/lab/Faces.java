package io.github.kolors4j.lab;

import java.awt.image.BufferedImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Judges faces, each beside the renderings of the style that its picture is in. */
final class Faces {
  private final RenderedSamples renderings;
  private final Map<String, FaceNovelty> styles = new HashMap<>();

  Faces(RenderedSamples renderings) {
    this.renderings = renderings;
  }

  /**
   * Whether a picture's face is broken.
   *
   * @param style that the picture was taken for
   */
  boolean broken(BufferedImage picture, String style) {
    return styles.computeIfAbsent(style, this::novelty).broken(picture);
  }

  private FaceNovelty novelty(String style) {
    return new FaceNovelty(in(style, renderings.training()), in(style, renderings.heldOut()));
  }

  private static List<Sample> in(String style, List<Sample> samples) {
    List<Sample> own =
        samples.stream().filter(s -> style.equals(s.attributes().get("style"))).toList();
    if (own.isEmpty()) {
      throw new IllegalArgumentException(
          "The corpus has no renderings in the style " + style + " to compare faces with.");
    }
    return own;
  }
}
