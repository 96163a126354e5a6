package io.github.kolors4j.comfy;

import io.github.kolors4j.KolorsException;
import org.jspecify.annotations.Nullable;

/** A workflow that cannot be read, converted or changed; the message says where and what to do. */
public class WorkflowException extends KolorsException {
  private static final long serialVersionUID = 1L;

  public WorkflowException(String message) {
    super(message);
  }

  public WorkflowException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
