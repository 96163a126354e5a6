package io.github.kolors4j.internal.juicer.regex;

import io.github.kolors4j.KolorsException;

/** A text on which an expression, or what is done again and again, takes longer than one waits. */
public final class EndlessMatchException extends KolorsException {
  private static final long serialVersionUID = 1;

  /** With what went on too long, such as "the expression tries too many ways". */
  public EndlessMatchException(String message) {
    super(message);
  }
}
