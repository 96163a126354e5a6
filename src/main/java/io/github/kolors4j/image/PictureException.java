package io.github.kolors4j.image;

import io.github.kolors4j.KolorsException;
import java.nio.file.Path;

/** A picture file that could not be read or written; the message names the file and the reason. */
public final class PictureException extends KolorsException {
  private final Path file;
  private final String reason;

  /**
   * @param file the picture
   * @param reason what is wrong with it, in a few words that a learner understands
   * @param cause the decoder's own exception
   */
  public PictureException(Path file, String reason, Throwable cause) {
    super("Picture " + file + ": " + reason, cause);
    this.file = file;
    this.reason = reason;
  }

  /** Same, without a cause. */
  public PictureException(Path file, String reason) {
    super("Picture " + file + ": " + reason);
    this.file = file;
    this.reason = reason;
  }

  /** The picture's file. */
  public Path file() {
    return file;
  }

  /** The reason alone, without the file's name. */
  public String reason() {
    return reason;
  }
}
