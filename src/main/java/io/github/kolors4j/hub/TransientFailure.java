package io.github.kolors4j.hub;

import java.time.Duration;

/** A failure that may pass: it is worth to try again. Never seen outside this package. */
final class TransientFailure extends Exception {
  private final transient Duration retryAfter;

  TransientFailure(String message, Duration retryAfter, Throwable cause) {
    super(message, cause);
    this.retryAfter = retryAfter;
  }

  TransientFailure(String message) {
    this(message, null, null);
  }

  /** What the server asked for, or null. */
  Duration retryAfter() {
    return retryAfter;
  }
}
