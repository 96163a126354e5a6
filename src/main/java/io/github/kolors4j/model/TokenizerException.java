package io.github.kolors4j.model;

/**
 * A tokenizer folder that cannot be used: the message names the file, what is wrong and a remedy.
 */
public class TokenizerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TokenizerException(String message) {
    super(message);
  }

  public TokenizerException(String message, Throwable cause) {
    super(message, cause);
  }
}
