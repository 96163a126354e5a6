package io.github.kolors4j.internal.model;

import io.github.kolors4j.KolorsException;

/**
 * A tokenizer folder that cannot be used: the message names the file, what is wrong and a remedy.
 */
public class TokenizerException extends KolorsException {
  private static final long serialVersionUID = 1L;

  public TokenizerException(String message) {
    super(message);
  }

  public TokenizerException(String message, Throwable cause) {
    super(message, cause);
  }
}
