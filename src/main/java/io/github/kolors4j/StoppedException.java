package io.github.kolors4j;

/**
 * A person stopped long work before it had a result; the message says what is left and how to go
 * on.
 */
public class StoppedException extends KolorsException {
  private static final long serialVersionUID = 1L;

  public StoppedException(String message) {
    super(message);
  }
}
