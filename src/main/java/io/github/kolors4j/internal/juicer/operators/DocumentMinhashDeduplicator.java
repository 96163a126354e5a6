package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Deduplicator;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Sample;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * {@code document_minhash_deduplicator}: of samples whose texts share most of their {@link
 * Shingles}, the first stays. MinHash (Broder 1997) estimates the Jaccard similarity; locality
 * sensitive hashing finds the pairs: two texts are alike if all rows of any band are equal.
 */
final class DocumentMinhashDeduplicator implements Deduplicator<long[]> {
  /** The name in recipes. */
  static final String NAME = "document_minhash_deduplicator";

  private static final long MERSENNE_PRIME = (1L << 61) - 1;
  private static final int SEED = 42;

  private final Shingles shingles;
  private final int bands;
  private final int rows;
  private final long[] factors;
  private final long[] offsets;
  private final String textKey;

  /**
   * From {@code tokenization, window_size, lowercase, ignore_pattern, num_permutations,
   * jaccard_threshold, num_bands, num_rows_per_band, text_key}.
   */
  DocumentMinhashDeduplicator(Parameters parameters) {
    shingles = new Shingles(parameters, 5);
    int permutations = parameters.positive("num_permutations", 256);
    OptionalDouble threshold = parameters.optionalRatio("jaccard_threshold");
    OptionalInt givenBands = parameters.optionalPositive("num_bands");
    OptionalInt givenRows = parameters.optionalPositive("num_rows_per_band");
    if (givenBands.isPresent() && givenRows.isPresent()) {
      bands = givenBands.getAsInt();
      rows = givenRows.getAsInt();
      if ((long) bands * rows > permutations) {
        throw parameters.error(
            "num_bands", "times num_rows_per_band must not be above num_permutations.");
      }
    } else {
      BandShape shape = BandShape.optimal(threshold.orElse(0.7), permutations);
      bands = shape.bands();
      rows = shape.rows();
    }
    textKey = parameters.textKey();
    MersenneTwister random = new MersenneTwister(SEED);
    factors = new long[permutations];
    offsets = new long[permutations];
    for (int i = 0; i < permutations; i++) {
      factors[i] = 1 + random.nextLong(MERSENNE_PRIME - 2);
      offsets[i] = random.nextLong(MERSENNE_PRIME - 1);
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  /**
   * For each band a hash of its rows, which are the least hashes (unsigned integers) of all
   * shingles. Data-juicer keeps the rows themselves, a kilobyte a sample; that two bands of other
   * rows have the same 64 bits happens once in 10<sup>19</sup> pairs.
   */
  @Override
  public long[] fingerprint(Sample sample) {
    Set<String> pieces = new HashSet<>(shingles.of(sample.requireText(textKey)));
    int[] least = new int[bands * rows];
    Arrays.fill(least, -1);
    for (String piece : pieces) {
      byte[] digest = Digests.digest("SHA-1", piece.getBytes(StandardCharsets.UTF_8));
      ByteBuffer bytes = ByteBuffer.wrap(digest).order(ByteOrder.LITTLE_ENDIAN);
      long hash = Integer.toUnsignedLong(bytes.getInt());
      for (int i = 0; i < least.length; i++) {
        // Products overflow 64 bits; data-juicer lets them.
        int value = (int) Long.remainderUnsigned(hash * factors[i] + offsets[i], MERSENNE_PRIME);
        if (Integer.compareUnsigned(value, least[i]) < 0) {
          least[i] = value;
        }
      }
    }
    long[] hashes = new long[bands];
    for (int i = 0; i < least.length; i++) {
      hashes[i / rows] = mixed(hashes[i / rows] ^ Integer.toUnsignedLong(least[i]));
    }
    return hashes;
  }

  /** Spreads every bit over all (the finalizer of MurmurHash3); no two values become one. */
  private static long mixed(long value) {
    long mixed = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
    return (mixed ^ mixed >>> 33) + 0x9e3779b97f4a7c15L;
  }

  @Override
  public int[] originals(List<long[]> fingerprints) {
    Clusters clusters = new Clusters(fingerprints.size());
    for (int band = 0; band < bands; band++) {
      Map<Long, Integer> firsts = new HashMap<>();
      for (int i = 0; i < fingerprints.size(); i++) {
        Integer earlier = firsts.putIfAbsent(fingerprints.get(i)[band], i);
        if (earlier != null) {
          clusters.join(earlier, i);
        }
      }
    }
    return clusters.firsts();
  }
}
