package io.github.kolors4j.lab;

import io.github.kolors4j.internal.concepts.Hits;
import java.util.Locale;

/**
 * How pictures look beside as many renderings that show what they were asked to.
 *
 * @param sharpness of the pictures, {@link Sharpness}
 * @param renderedSharpness of the renderings
 * @param distance {@link FrechetDistance} from the renderings, over the classifier's features
 * @param brokenFaces the pictures whose faces are unlike any rendering's, {@link FaceNovelty}
 * @param renderedBrokenFaces of the renderings, which are whole: what that figure is wrong by
 * @param floor the distance of as many other renderings from them: as near as one can come
 */
record Likeness(
    double sharpness,
    double renderedSharpness,
    Hits brokenFaces,
    Hits renderedBrokenFaces,
    double distance,
    double floor) {
  static Likeness between(Looks pictures, Looks renderings, Looks others) {
    FrechetDistance goal = renderings.spread();
    return new Likeness(
        pictures.sharpness(),
        renderings.sharpness(),
        pictures.brokenFaces(),
        others.brokenFaces(),
        pictures.spread().to(goal),
        others.spread().to(goal));
  }

  /** A Markdown table. */
  String toMarkdown() {
    return String.format(
        Locale.ROOT,
        """
        | how it looks | these pictures | renderings |
        |---|---:|---:|
        | broken faces | %d of %d | %d of %d |
        | sharpness (97th percentile of the gradient) | %.1f | %.1f |
        | Fréchet distance from renderings | %.2f | %.2f |
        """,
        brokenFaces.right(),
        brokenFaces.all(),
        renderedBrokenFaces.right(),
        renderedBrokenFaces.all(),
        sharpness,
        renderedSharpness,
        distance,
        floor);
  }
}
