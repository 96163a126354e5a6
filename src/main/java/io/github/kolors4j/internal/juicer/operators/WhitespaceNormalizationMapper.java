package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Mapper;
import io.github.kolors4j.internal.juicer.Parameters;

/**
 * {@code whitespace_normalization_mapper}: takes white space off both ends of the text and turns
 * every other kind of space in it (tab, no-break space, ideographic space, zero-width characters,
 * …) into a plain one. Line ends stay.
 */
final class WhitespaceNormalizationMapper {
  /** The name in recipes. */
  static final String NAME = "whitespace_normalization_mapper";

  /** Data-juicer's {@code VARIOUS_WHITESPACES}. */
  private static final String SPACES =
      "\t\u0084\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
          + "\u200b\u200c\u200d\u202f\u205f\u2060\u3000\ufffc";

  private WhitespaceNormalizationMapper() {}

  /** From {@code text_key}. */
  static Mapper of(Parameters parameters) {
    return new TextMapper(NAME, parameters.textKey(), WhitespaceNormalizationMapper::normalize);
  }

  private static String normalize(String text) {
    StringBuilder normal = new StringBuilder(PythonText.strip(text));
    for (int i = 0; i < normal.length(); i++) {
      if (SPACES.indexOf(normal.charAt(i)) >= 0) {
        normal.setCharAt(i, ' ');
      }
    }
    return normal.toString();
  }
}
