package io.github.kolors4j.juicer;

import io.github.kolors4j.KolorsException;

/**
 * A recipe, or the data it names, that cannot be used; the message names the line and the remedy.
 */
public final class RecipeException extends KolorsException {
  /** With a message for the learner. */
  public RecipeException(String message) {
    super(message);
  }

  /** With a message for the learner and what lies behind it. */
  public RecipeException(String message, Throwable cause) {
    super(message, cause);
  }
}
