package io.github.kolors4j.weights;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/**
 * A weight file that cannot be read or written. The message names the file and, where there is one,
 * the tensor, says what is wrong with it, and what to do.
 */
public class WeightsException extends RuntimeException {

  /**
   * @param message what is wrong, where, and what to do
   */
  public WeightsException(String message) {
    super(message);
  }

  /**
   * @param message what is wrong, where, and what to do
   * @param cause the error beneath
   */
  public WeightsException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * What an error of the system means while a file was read. The interrupt of a thread, by which
   * the notebook's stop button stops, closes a file that is being read; that is no fault of the
   * file.
   *
   * @param what the file, or the tensor in it, as a subject of a sentence
   * @return the exception to throw
   */
  public static WeightsException whileReading(Object what, IOException e) {
    if (e instanceof ClosedByInterruptException) {
      return new LoadingInterruptedException(
          "Reading " + what + " was interrupted. Nothing is wrong with it: run it again.", e);
    }
    if (e instanceof NoSuchFileException) {
      return new WeightsException(what + " does not exist.", e);
    }
    if (e instanceof AccessDeniedException) {
      return new WeightsException(
          what + " may not be read by this user: change its permissions (chmod a+r).", e);
    }
    return new WeightsException(what + " could not be read: " + e.getMessage(), e);
  }
}
