package io.github.kolors4j.internal.juicer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds samples that are (nearly) the same. The samples are looked at one by one and only their
 * fingerprints are compared, so that not all of them need to be in memory.
 *
 * @param <F> the fingerprint of a sample
 */
public non-sealed interface Deduplicator<F> extends Operator {
  /**
   * What is compared; null repeats none. Hashes that can be kept in the result go into {@link
   * Sample#hashes()} too.
   *
   * @throws io.github.kolors4j.image.PictureException if a picture cannot be read; the sample is
   *     then rejected with that reason, and the others go on
   */
  @Nullable F fingerprint(Sample sample);

  /**
   * For each sample the index of the one that it repeats (the first of all that are alike), or its
   * own index if it stays.
   */
  int[] originals(List<@Nullable F> fingerprints);
}
