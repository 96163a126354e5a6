package io.github.kolors4j.dataset;

import io.github.kolors4j.image.PictureFile;
import io.github.kolors4j.image.Renderable;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * A picture file with the text that describes it. The file is opened only when its pixels are asked
 * for, so a broken one can be part of a set.
 *
 * @param file the picture
 * @param caption the text, Chinese or English; may be empty, not null
 * @param attributes what else is known about it, such as {@code hair=blue}; may be empty
 */
public record CaptionedPicture(Path file, String caption, Map<String, String> attributes)
    implements Renderable {
  /** The longest side in pixels that {@link #render} draws. */
  private static final int SHOWN = 512;

  /** Checks and copies. */
  public CaptionedPicture {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(caption, "caption");
    attributes = Map.copyOf(attributes);
  }

  /** A picture without attributes. */
  public CaptionedPicture(Path file, String caption) {
    this(file, caption, Map.of());
  }

  /**
   * Decodes the picture.
   *
   * @throws io.github.kolors4j.image.PictureException if it does not decode
   */
  public BufferedImage read() {
    return PictureFile.read(file);
  }

  /** The picture, shrunk if it is large; one that does not decode as a card that says so. */
  @Override
  public BufferedImage render() {
    return Gallery.thumbnail(this, SHOWN);
  }
}
