package io.github.kolors4j.internal.weights;

import io.github.kolors4j.WeightsException;

/** Reading weights was interrupted, as by a notebook's stop button; nothing is wrong with them. */
public final class LoadingInterruptedException extends WeightsException {

  /**
   * @param message what was read
   * @param cause the error beneath
   */
  public LoadingInterruptedException(String message, Throwable cause) {
    super(message, cause);
  }
}
