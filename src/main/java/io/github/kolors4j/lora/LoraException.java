package io.github.kolors4j.lora;

import io.github.kolors4j.KolorsException;

/** An adapter that cannot be read, written or applied. The message says which part, and why. */
public class LoraException extends KolorsException {

  /**
   * @param message what is wrong, where, and what to do
   */
  public LoraException(String message) {
    super(message);
  }

  /**
   * @param message what is wrong, where, and what to do
   * @param cause the error beneath
   */
  public LoraException(String message, Throwable cause) {
    super(message, cause);
  }
}
