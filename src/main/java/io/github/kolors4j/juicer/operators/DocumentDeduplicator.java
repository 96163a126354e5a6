package io.github.kolors4j.juicer.operators;

import io.github.kolors4j.juicer.Deduplicator;
import io.github.kolors4j.juicer.Parameters;
import io.github.kolors4j.juicer.Sample;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * {@code document_deduplicator}: of samples with the same text, the first stays. Texts are compared
 * by their MD5 hash; white space at the ends does not count, nor, if wished, case, or white space,
 * digits and ASCII punctuation at all.
 */
public final class DocumentDeduplicator implements Deduplicator<String> {
  /** The name in recipes. */
  public static final String NAME = "document_deduplicator";

  private static final Pattern NON_CHARACTER =
      Pattern.compile("\\s+|\\d+|[\\p{Punct}&&\\p{ASCII}]", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");

  private final boolean lowercase;
  private final boolean ignoreNonCharacter;
  private final String textKey;

  /** From {@code lowercase, ignore_non_character, text_key}. */
  public DocumentDeduplicator(Parameters parameters) {
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
    String text = sample.text(textKey);
    if (lowercase) {
      text = text.toLowerCase(Locale.ROOT);
    }
    if (ignoreNonCharacter) {
      text = NON_CHARACTER.matcher(text).replaceAll("");
      text = PUNCTUATION.matcher(text).replaceAll("");
    }
    String hash = md5(text);
    sample.hashes().put("__dj__hash", hash);
    return hash;
  }

  /** The hash that data-juicer compares texts by, in hexadecimal. */
  static String md5(String text) {
    byte[] bytes = PythonText.strip(text).getBytes(StandardCharsets.UTF_8);
    return Digests.hexadecimal(Digests.digest("MD5", bytes));
  }

  @Override
  public int[] originals(List<String> fingerprints) {
    return FirstOfEach.of(fingerprints);
  }
}
