package io.github.kolors4j.comfy;

import io.github.kolors4j.KolorsException;
import org.jspecify.annotations.Nullable;

/**
 * A workflow that cannot be read, converted, changed or run, or a node that cannot do its work; the
 * message names the node, the reason and the remedy.
 */
public class WorkflowException extends KolorsException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what is wrong, where, and what to do
   */
  public WorkflowException(String message) {
    super(message);
  }

  /**
   * @param message what is wrong, where, and what to do
   * @param cause the error beneath
   */
  public WorkflowException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
