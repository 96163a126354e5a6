package io.github.kolors4j.internal.weights;

import io.github.kolors4j.WeightsException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** Errors of the system while weights or their configurations are read, in words for a person. */
public final class ReadFailure {
  private ReadFailure() {}

  /**
   * What an error of the system means while a file was read. The interrupt of a thread, by which
   * the notebook's stop button stops, closes a file that is being read; that is no fault of the
   * file.
   *
   * @param what the file, or the tensor in it, as a subject of a sentence
   * @return the exception to throw
   */
  public static WeightsException of(Object what, IOException e) {
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
