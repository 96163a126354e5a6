package io.github.kolors4j.hub;

import io.github.kolors4j.KolorsException;

/**
 * A download that did not succeed. The message says which file of which model, why, and what to do;
 * no token is ever in it.
 */
public class HubException extends KolorsException {

  /**
   * @param message what is wrong, where, and what to do
   */
  public HubException(String message) {
    super(message);
  }

  /**
   * @param message what is wrong, where, and what to do
   * @param cause the error beneath
   */
  public HubException(String message, Throwable cause) {
    super(message, cause);
  }
}
