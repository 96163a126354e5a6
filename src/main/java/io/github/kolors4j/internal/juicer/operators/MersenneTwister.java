package io.github.kolors4j.internal.juicer.operators;

/** MT19937 (Matsumoto and Nishimura 1998), drawing as numpy's {@code RandomState.randint} does. */
final class MersenneTwister {
  private static final int SIZE = 624;
  private static final int SHIFT = 397;

  private final int[] state = new int[SIZE];
  private int position = SIZE;

  MersenneTwister(int seed) {
    state[0] = seed;
    for (int i = 1; i < SIZE; i++) {
      state[i] = 1812433253 * (state[i - 1] ^ state[i - 1] >>> 30) + i;
    }
  }

  /** A number from 0 to {@code max}, inclusive: random bits, until they are not too large. */
  long nextLong(long max) {
    long mask = -1L >>> Long.numberOfLeadingZeros(max);
    long value;
    do {
      long high = Integer.toUnsignedLong(nextInt());
      value = (high << 32 | Integer.toUnsignedLong(nextInt())) & mask;
    } while (value > max);
    return value;
  }

  private int nextInt() {
    if (position == SIZE) {
      twist();
    }
    int y = state[position++];
    y ^= y >>> 11;
    y ^= y << 7 & 0x9d2c5680;
    y ^= y << 15 & 0xefc60000;
    return y ^ y >>> 18;
  }

  private void twist() {
    for (int i = 0; i < SIZE; i++) {
      int y = state[i] & 0x80000000 | state[(i + 1) % SIZE] & 0x7fffffff;
      state[i] = state[(i + SHIFT) % SIZE] ^ y >>> 1 ^ ((y & 1) == 0 ? 0 : 0x9908b0df);
    }
    position = 0;
  }
}
