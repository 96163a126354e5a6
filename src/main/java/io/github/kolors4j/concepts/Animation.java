package io.github.kolors4j.concepts;

import com.madgag.gif.fmsware.AnimatedGifEncoder;
import io.github.kolors4j.image.HtmlRenderable;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/**
 * A film of pictures that repeats itself: as the last expression of a notebook cell it plays.
 *
 * @param frames the pictures, all of one size, at least one
 * @param framesPerSecond how fast they follow each other, 1 to 50
 */
public record Animation(List<BufferedImage> frames, int framesPerSecond) implements HtmlRenderable {
  /** The last picture stays for a while. */
  private static final int PAUSE_MILLIS = 1500;

  /** Checks the sizes and the speed. */
  public Animation {
    frames = List.copyOf(frames);
    Frames.requireOneSize(frames);
    if (framesPerSecond < 1 || framesPerSecond > 50) {
      throw new IllegalArgumentException(
          "An animation has 1 to 50 frames per second, not " + framesPerSecond + ".");
    }
  }

  /** Ten frames per second. */
  public static Animation of(List<BufferedImage> frames) {
    return new Animation(frames, 10);
  }

  /** The film as an animated GIF. */
  public byte[] toGif() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    AnimatedGifEncoder encoder = new AnimatedGifEncoder();
    encoder.start(bytes);
    encoder.setRepeat(0);
    encoder.setQuality(5);
    for (int i = 0; i < frames.size(); i++) {
      encoder.setDelay(i < frames.size() - 1 ? 1000 / framesPerSecond : PAUSE_MILLIS);
      encoder.addFrame(frames.get(i));
    }
    encoder.finish();
    return bytes.toByteArray();
  }

  /**
   * Writes the film as an animated GIF.
   *
   * @return the file
   * @throws IOException if the disk refuses
   */
  public Path save(Path file) throws IOException {
    return Files.write(file, toGif());
  }

  @Override
  public String toHtml() {
    return "<img alt=\""
        + this
        + "\" style=\"max-width:100%\" src=\"data:image/gif;base64,"
        + Base64.getEncoder().encodeToString(toGif())
        + "\"/>";
  }

  @Override
  public String toString() {
    return "animation of " + frames.size() + " frames";
  }
}
