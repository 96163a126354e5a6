package io.github.kolors4j.training;

import io.github.kolors4j.KolorsException;
import org.jspecify.annotations.Nullable;

/** A training that cannot start or go on; the message says why, and what to do. */
public class TrainingException extends KolorsException {

  /**
   * @param message what is wrong, where, and what to do
   */
  public TrainingException(String message) {
    super(message);
  }

  /**
   * @param message what is wrong, where, and what to do
   * @param cause the error beneath
   */
  public TrainingException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
