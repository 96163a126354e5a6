package io.github.kolors4j.comfy;

import io.github.kolors4j.KolorsException;
import org.jspecify.annotations.Nullable;

/** A graph that cannot be read or run; the message names the node, the reason and the remedy. */
public class ComfyException extends KolorsException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong, where, and what to do
   */
  public ComfyException(String message) {
    super(message);
  }

  /**
   * @param message what is wrong, where, and what to do
   * @param cause the error beneath
   */
  public ComfyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
