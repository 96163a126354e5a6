package io.github.kolors4j.internal.juicer.operators;

import java.math.BigInteger;

/**
 * PCG64 (O'Neill 2014), seeded and shuffling as numpy's {@code default_rng(seed).permutation(n)}.
 */
final class PermutedCongruential {
  private static final BigInteger MULTIPLIER =
      BigInteger.valueOf(2549297995355413924L)
          .shiftLeft(64)
          .add(BigInteger.valueOf(4865540595714422341L));
  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(128);

  private BigInteger state;
  private final BigInteger increment;
  private boolean hasHalf;
  private int half;

  PermutedCongruential(int seed) {
    int[] words = seedWords(seed);
    BigInteger initial = unsigned(words[1], words[0], words[3], words[2]);
    increment =
        unsigned(words[5], words[4], words[7], words[6])
            .shiftLeft(1)
            .add(BigInteger.ONE)
            .mod(MODULUS);
    state = increment.add(initial).mod(MODULUS);
    step();
  }

  /** The numbers from 0 to {@code size - 1}, shuffled (Fisher and Yates, from the end). */
  int[] permutation(int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    for (int i = size - 1; i > 0; i--) {
      int j = nextInt(i);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  /** A number from 0 to {@code max}, inclusive: random bits, until they are not too large. */
  private int nextInt(int max) {
    int mask = -1 >>> Integer.numberOfLeadingZeros(max);
    int value;
    do {
      value = nextHalf() & mask;
    } while (value > max);
    return value;
  }

  /** Half of a draw of 64 bits: the lower one first. */
  private int nextHalf() {
    if (hasHalf) {
      hasHalf = false;
      return half;
    }
    step();
    long high = state.shiftRight(64).longValue();
    long bits = Long.rotateRight(high ^ state.longValue(), (int) (high >>> 58));
    hasHalf = true;
    half = (int) (bits >>> 32);
    return (int) bits;
  }

  private void step() {
    state = state.multiply(MULTIPLIER).add(increment).mod(MODULUS);
  }

  private static BigInteger unsigned(int... words) {
    BigInteger value = BigInteger.ZERO;
    for (int word : words) {
      value = value.shiftLeft(32).or(BigInteger.valueOf(Integer.toUnsignedLong(word)));
    }
    return value;
  }

  /** Numpy's {@code SeedSequence(seed).generate_state(8)}. */
  private static int[] seedWords(int seed) {
    int[] pool = {seed, 0, 0, 0};
    int[] constant = {0x43b0d7e5};
    for (int i = 0; i < 4; i++) {
      pool[i] = hash(pool[i], constant);
    }
    for (int from = 0; from < 4; from++) {
      for (int to = 0; to < 4; to++) {
        if (from != to) {
          int mixed = 0xca01f9dd * pool[to] - 0x4973f715 * hash(pool[from], constant);
          pool[to] = mixed ^ mixed >>> 16;
        }
      }
    }
    int[] words = new int[8];
    int multiplier = 0x8b51f9dd;
    for (int i = 0; i < words.length; i++) {
      int word = pool[i % 4] ^ multiplier;
      multiplier *= 0x58f38ded;
      word *= multiplier;
      words[i] = word ^ word >>> 16;
    }
    return words;
  }

  private static int hash(int value, int[] constant) {
    int hashed = value ^ constant[0];
    constant[0] *= 0x931e8875;
    hashed *= constant[0];
    return hashed ^ hashed >>> 16;
  }
}
