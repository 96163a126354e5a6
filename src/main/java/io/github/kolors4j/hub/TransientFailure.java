package io.github.kolors4j.hub;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A failure that may pass: it is worth to try again. Never seen outside this package. */
final class TransientFailure extends Exception {
  private final transient @Nullable Duration retryAfter;
  private final boolean unreachable;

  TransientFailure(String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
    this(message, retryAfter, cause, false);
  }

  TransientFailure(String message) {
    this(message, null, null);
  }

  private TransientFailure(
      String message,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause,
      boolean unreachable) {
    super(message, cause);
    this.retryAfter = retryAfter;
    this.unreachable = unreachable;
  }

  /** Nobody was there to answer: no network, or none that leads to the server. */
  static TransientFailure unreachable(String message, Throwable cause) {
    return new TransientFailure(message, null, cause, true);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  boolean unreachable() {
    return unreachable;
  }

  /** What the server asked for, or null. */
  @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
