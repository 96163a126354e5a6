package io.github.kolors4j.image;

/**
 * A value that is more than one picture, such as a film: as the last expression of a notebook cell
 * it shows a piece of HTML, whose text stands for it elsewhere.
 */
public interface HtmlRenderable {

  /** The HTML, complete in itself: pictures are embedded, and nothing is loaded from outside. */
  String toHtml();
}
