package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Deduplicator;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Sample;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code image_deduplicator}: of samples whose pictures have the same {@link PictureHash}es, the
 * first stays. Samples without pictures stay. With {@code consider_text} the texts must be the same
 * too. Hash: {@code __dj__imagehash}, those of all pictures in a row.
 */
final class ImageDeduplicator implements Deduplicator<String> {
  /** The name in recipes. */
  static final String NAME = "image_deduplicator";

  private final PictureHash method;
  private final boolean considerText;
  private final String textKey;
  private final String imageKey;

  /**
   * From {@code method} (phash, dhash, ahash, whash), {@code consider_text, text_key, image_key}.
   */
  ImageDeduplicator(Parameters parameters) {
    method =
        PictureHash.valueOf(
            parameters
                .choice("method", "phash", List.of("phash", "dhash", "whash", "ahash"))
                .toUpperCase(Locale.ROOT));
    considerText = parameters.truth("consider_text", false);
    textKey = parameters.textKey();
    imageKey = parameters.imageKey();
  }

  @Override
  public String name() {
    return NAME;
  }

  /** Null for a sample without pictures: it repeats none. With the text, it is compared as well. */
  @Override
  public @Nullable String fingerprint(Sample sample) {
    StringBuilder hashes = new StringBuilder();
    for (Path picture : new LinkedHashSet<>(sample.pictures(imageKey))) {
      hashes.append(method.of(sample.pixels(picture)));
    }
    sample.hashes().put("__dj__imagehash", hashes.toString());
    if (considerText) {
      String text = DocumentDeduplicator.md5(sample.requireText(textKey));
      sample.hashes().put("__dj__hash", text);
      return hashes + " " + text;
    }
    return hashes.isEmpty() ? null : hashes.toString();
  }

  @Override
  public int[] originals(List<@Nullable String> fingerprints) {
    return FirstOfEach.of(fingerprints);
  }
}
