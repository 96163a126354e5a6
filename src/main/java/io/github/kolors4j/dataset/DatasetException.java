package io.github.kolors4j.dataset;

import io.github.kolors4j.KolorsException;

/** A set of pictures that cannot be loaded or exported; the message says where and what to do. */
public final class DatasetException extends KolorsException {
  /** With a message for the learner. */
  public DatasetException(String message) {
    super(message);
  }

  /** With a message for the learner and what lies behind it. */
  public DatasetException(String message, Throwable cause) {
    super(message, cause);
  }
}
