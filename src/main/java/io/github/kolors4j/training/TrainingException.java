package io.github.kolors4j.training;

/** A training that cannot start or go on; the message says why, and what to do. */
public class TrainingException extends RuntimeException {

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
  public TrainingException(String message, Throwable cause) {
    super(message, cause);
  }
}
