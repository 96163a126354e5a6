package io.github.kolors4j.internal.juicer.operators;

import com.ibm.icu.lang.UCharacter;
import io.github.kolors4j.internal.juicer.Deduplicator;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Sample;
import io.github.kolors4j.internal.juicer.regex.PythonCharacters;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code document_deduplicator}: of samples with the same text, the first stays. Texts are compared
 * by their MD5 hash; white space at the ends does not count, nor, if wished, case, or white space,
 * digits and ASCII punctuation at all.
 */
final class DocumentDeduplicator implements Deduplicator<String> {
  /** The name in recipes. */
  static final String NAME = "document_deduplicator";

  private final boolean lowercase;
  private final boolean ignoreNonCharacter;
  private final String textKey;

  /** From {@code lowercase, ignore_non_character, text_key}. */
  DocumentDeduplicator(Parameters parameters) {
    lowercase = parameters.truth("lowercase", false);
    ignoreNonCharacter = parameters.truth("ignore_non_character", false);
    textKey = parameters.textKey();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String fingerprint(Sample sample) {
    String text = sample.requireText(textKey);
    if (lowercase) {
      text = PythonCharacters.lower(text);
    }
    if (ignoreNonCharacter) {
      StringBuilder kept = new StringBuilder();
      text.codePoints().filter(c -> !isIgnored(c)).forEach(kept::appendCodePoint);
      text = kept.toString();
    }
    String hash = md5(text);
    sample.hashes().put("__dj__hash", hash);
    return hash;
  }

  /** White space as Unicode has it, decimal digits, and ASCII punctuation. */
  private static boolean isIgnored(int c) {
    boolean isVisibleAscii = c > 0x20 && c < 0x7f;
    return UCharacter.isUWhiteSpace(c)
        || UCharacter.isDigit(c)
        || isVisibleAscii && !PythonCharacters.isAlphanumeric(c);
  }

  /** The hash that data-juicer compares texts by, in hexadecimal. */
  static String md5(String text) {
    byte[] bytes = PythonText.strip(text).getBytes(StandardCharsets.UTF_8);
    return Digests.hexadecimal(Digests.digest("MD5", bytes));
  }

  @Override
  public int[] originals(List<@Nullable String> fingerprints) {
    return FirstOfEach.of(fingerprints);
  }
}
