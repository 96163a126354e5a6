package io.github.kolors4j;

/**
 * A weight file that cannot be read or written. The message names the file and, where there is one,
 * the tensor, says what is wrong with it, and what to do.
 */
public class WeightsException extends KolorsException {

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
}
