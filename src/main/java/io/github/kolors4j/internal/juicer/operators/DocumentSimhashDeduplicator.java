package io.github.kolors4j.internal.juicer.operators;

import io.github.kolors4j.internal.juicer.Deduplicator;
import io.github.kolors4j.internal.juicer.Parameters;
import io.github.kolors4j.internal.juicer.Sample;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code document_simhash_deduplicator}: of samples whose texts have SimHashes (Charikar 2002) that
 * differ in at most {@code hamming_distance} bits, the first stays. Likeness is passed on: a text
 * like one that is like a third is in one cluster with it.
 */
final class DocumentSimhashDeduplicator implements Deduplicator<Long> {
  /** The name in recipes. */
  static final String NAME = "document_simhash_deduplicator";

  private final Shingles shingles;
  private final int blocks;
  private final int distance;
  private final String textKey;

  /**
   * From {@code tokenization, window_size, lowercase, ignore_pattern, num_blocks, hamming_distance,
   * text_key}.
   */
  DocumentSimhashDeduplicator(Parameters parameters) {
    shingles = new Shingles(parameters, 6);
    blocks = parameters.positive("num_blocks", 6);
    distance = parameters.positive("hamming_distance", 4);
    textKey = parameters.textKey();
    if (distance >= blocks || blocks > Long.SIZE) {
      throw parameters.error("hamming_distance", "must be less than num_blocks (at most 64).");
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  /** Each bit is the one that most of the shingles' hashes have there. */
  @Override
  public Long fingerprint(Sample sample) {
    int[] counts = new int[Long.SIZE];
    for (String piece : shingles.of(sample.requireText(textKey))) {
      byte[] digest = Digests.digest("MD5", piece.getBytes(StandardCharsets.UTF_8));
      long hash = ByteBuffer.wrap(digest).getLong();
      for (int bit = 0; bit < Long.SIZE; bit++) {
        counts[bit] += (hash >>> bit & 1) == 1 ? 1 : -1;
      }
    }
    long simhash = 0;
    for (int bit = 0; bit < Long.SIZE; bit++) {
      simhash |= counts[bit] > 0 ? 1L << bit : 0;
    }
    sample.hashes().put("__dj__simhash", Long.toUnsignedString(simhash));
    return simhash;
  }

  /**
   * Hashes that differ in at most d bits agree in at least n - d of n blocks: only those that agree
   * in some such choice of blocks are compared.
   */
  @Override
  public int[] originals(List<Long> fingerprints) {
    int[] same = FirstOfEach.of(fingerprints);
    Clusters clusters = new Clusters(same.length);
    for (long mask : masks(0, 0, blocks - distance)) {
      Map<Long, List<Integer>> candidates = new HashMap<>();
      for (int i = 0; i < same.length; i++) {
        if (same[i] != i) {
          clusters.join(same[i], i);
          continue;
        }
        List<Integer> alike =
            candidates.computeIfAbsent(fingerprints.get(i) & mask, key -> new ArrayList<>());
        for (int j : alike) {
          if (Long.bitCount(fingerprints.get(i) ^ fingerprints.get(j)) <= distance) {
            clusters.join(i, j);
          }
        }
        alike.add(i);
      }
    }
    return clusters.firsts();
  }

  /**
   * The bits of every choice of {@code count} blocks from {@code block} on, added to {@code mask}.
   */
  private List<Long> masks(int block, long mask, int count) {
    if (count == 0) {
      return List.of(mask);
    }
    List<Long> masks = new ArrayList<>();
    for (int i = block; i <= blocks - count; i++) {
      masks.addAll(masks(i + 1, mask | bits(i), count - 1));
    }
    return masks;
  }

  private long bits(int block) {
    long mask = 0;
    for (int bit = block * Long.SIZE / blocks; bit < (block + 1) * Long.SIZE / blocks; bit++) {
      mask |= 1L << bit;
    }
    return mask;
  }
}
