package io.github.kolors4j;

import org.jspecify.annotations.Nullable;

/**
 * What this library throws when it cannot do what it was asked: the message says what was wrong,
 * where, and what to do, in words for a person who did not write the library. Catch this one to
 * catch them all; wrong arguments are {@link IllegalArgumentException}s as everywhere in Java.
 */
public class KolorsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With a message for the learner. */
  public KolorsException(String message) {
    super(message);
  }

  /** With a message for the learner and what lies behind it. */
  public KolorsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
