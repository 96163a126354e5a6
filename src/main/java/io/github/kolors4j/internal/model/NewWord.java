package io.github.kolors4j.internal.model;

/**
 * A word that a text encoder has learned besides its vocabulary (textual inversion, Gal et al.
 * 2022).
 *
 * @param text as it stands in prompts: 1 to 100 characters, no space at its ends
 * @param tokens how many tokens it stands for, 1 or more
 */
public record NewWord(String text, int tokens) {
  private static final int LONGEST = 100;

  /**
   * @throws TokenizerException if the text cannot be a word
   */
  public NewWord {
    if (text.isEmpty()
        || text.length() > LONGEST
        || !text.strip().equals(text)
        || text.chars().anyMatch(Character::isISOControl)) {
      throw new TokenizerException(
          "A new word has 1 to %d characters and no space at its ends, such as <ink>; got '%s'."
              .formatted(LONGEST, text.length() <= LONGEST ? text : text.substring(0, LONGEST)));
    }
    if (tokens < 1) {
      throw new TokenizerException("The word '%s' has no token.".formatted(text));
    }
  }

  /** The name of one of its tokens, as diffusers has them: {@code word}, {@code word_1}, … */
  String name(int token) {
    return token == 0 ? text : text + "_" + token;
  }
}
