package io.github.kolors4j.pipeline;

import io.github.kolors4j.KolorsException;

/** A model or a picture that does not fit into memory; the message says what would. */
public final class NotEnoughMemoryException extends KolorsException {
  private static final long serialVersionUID = 1L;

  NotEnoughMemoryException(String message) {
    super(message);
  }
}
