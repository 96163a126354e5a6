package io.github.kolors4j.internal.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * PyTorch's random numbers on the CPU: {@code new TorchRandom(s)} draws what Python draws after
 * {@code torch.manual_seed(s)}, so a seed gives the same picture on every device, and in both
 * languages. Its state can be saved and restored at any point.
 *
 * <p>The generator is the Mersenne Twister MT19937. Normal numbers come from the Box–Muller
 * transform, which PyTorch computes in two ways: fewer than 16 at once are drawn one by one in
 * double precision, and the second of each pair waits for the next call; 16 and more are drawn in
 * blocks of 16 in single precision. So the order and sizes of the calls matter, as they do in
 * PyTorch.
 *
 * <p>Uniform numbers and integers are equal to PyTorch's in every bit, and so are normal numbers to
 * PyTorch's on an x86 processor with AVX2 or AVX-512; on others it differs itself by up to 5e-7.
 *
 * <p>Not safe to use from several threads at once.
 *
 * @see <a href="https://doi.org/10.1145/272991.272995">Matsumoto and Nishimura, Mersenne
 *     Twister</a>; {@code aten/src/ATen/native/cpu/DistributionTemplates.h}, {@code
 *     aten/src/ATen/core/DistributionsHelper.h} and {@code MT19937RNGEngine.h} of PyTorch
 */
public final class TorchRandom {
  private static final int WORDS = 624;
  private static final int SHIFT = 397;

  /** From here on PyTorch shuffles in another way. */
  private static final int LONGEST_PERMUTATION = (int) (0xFFFFFFFFL / 20);

  private static final int STATE_MAGIC = 0x4B34_4A52;
  private static final int STATE_BYTES = 4 + 8 + 4 * WORDS + 4 + 1 + 8;

  private final long seed;
  private final int[] words;

  /** Index of the next word to hand out; {@link #WORDS} when a new batch is due. */
  private int position;

  /** The second number of a Box–Muller pair, NaN when none waits. */
  private double cachedNormal;

  /**
   * Where a generator stands.
   *
   * @param seed what it was made with
   * @param words the 624 words of the Mersenne Twister
   * @param position how many of the words are used, 0 to 624
   * @param cachedNormal the normal number that waits for the next call, NaN if none does
   */
  public record State(long seed, int[] words, int position, double cachedNormal) {
    public State {
      if (words.length != WORDS || position < 0 || position > WORDS) {
        throw new IllegalArgumentException(
            "A generator's state has 624 words and a position from 0 to 624, not "
                + words.length
                + " words and position "
                + position
                + ".");
      }
      words = words.clone();
    }
  }

  /** A generator as after {@code torch.manual_seed(seed)}; negative seeds are allowed, as there. */
  public TorchRandom(long seed) {
    this.seed = seed;
    this.words = new int[WORDS];
    words[0] = (int) seed;
    for (int i = 1; i < WORDS; i++) {
      words[i] = 1812433253 * (words[i - 1] ^ words[i - 1] >>> 30) + i;
    }
    position = WORDS;
    cachedNormal = Double.NaN;
  }

  /** A generator that goes on where {@code state} was taken. */
  public TorchRandom(State state) {
    seed = state.seed();
    words = state.words().clone();
    position = state.position();
    cachedNormal = state.cachedNormal();
  }

  /** The seed that this generator was made with. */
  public long seed() {
    return seed;
  }

  /** Where this generator stands, as a value. */
  public State snapshot() {
    return new State(seed, words, position, cachedNormal);
  }

  /** Where this generator stands, as bytes for a file. */
  public byte[] state() {
    ByteBuffer bytes = ByteBuffer.allocate(STATE_BYTES).putInt(STATE_MAGIC).putLong(seed);
    for (int word : words) {
      bytes.putInt(word);
    }
    boolean cached = !Double.isNaN(cachedNormal);
    bytes.putInt(position).put((byte) (cached ? 1 : 0)).putDouble(cached ? cachedNormal : 0);
    return bytes.array();
  }

  /**
   * A generator that goes on where {@link #state()} was taken.
   *
   * @throws IllegalArgumentException when the bytes are not a generator's state
   */
  public static TorchRandom restore(byte[] state) {
    ByteBuffer bytes = ByteBuffer.wrap(state);
    if (state.length != STATE_BYTES || bytes.getInt() != STATE_MAGIC) {
      throw new IllegalArgumentException(
          "These "
              + state.length
              + " bytes are not the state of a random generator: it has "
              + STATE_BYTES
              + " bytes, as TorchRandom.state() returns them.");
    }
    long seed = bytes.getLong();
    int[] words = new int[WORDS];
    for (int i = 0; i < WORDS; i++) {
      words[i] = bytes.getInt();
    }
    int position = bytes.getInt();
    boolean cached = bytes.get() != 0;
    double normal = bytes.getDouble();
    return new TorchRandom(new State(seed, words, position, cached ? normal : Double.NaN));
  }

  /**
   * {@code torch.randn(shape)}: float32 from the standard normal distribution, in row-major order.
   */
  public float[] randn(long... shape) {
    float[] values = new float[count(shape)];
    if (values.length < BoxMuller.BLOCK) {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) nextNormal();
      }
      return values;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = nextFloat();
    }
    for (int start = 0; start + BoxMuller.BLOCK <= values.length; start += BoxMuller.BLOCK) {
      BoxMuller.transform(values, start);
    }
    if (values.length % BoxMuller.BLOCK != 0) {
      // PyTorch draws the last 16 anew, over the end of the last whole block.
      int start = values.length - BoxMuller.BLOCK;
      for (int i = start; i < values.length; i++) {
        values[i] = nextFloat();
      }
      BoxMuller.transform(values, start);
    }
    return values;
  }

  /** {@link #randn(long...)} as an array of {@code manager}. */
  public NDArray randn(NDManager manager, Shape shape) {
    return manager.create(randn(shape.getShape()), shape);
  }

  /** {@code torch.rand(shape)}: float32, evenly spread over [0, 1), in row-major order. */
  public float[] rand(long... shape) {
    float[] values = new float[count(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = nextFloat();
    }
    return values;
  }

  /** {@link #rand(long...)} as an array of {@code manager}. */
  public NDArray rand(NDManager manager, Shape shape) {
    return manager.create(rand(shape.getShape()), shape);
  }

  /**
   * {@code torch.randint(low, high, shape)}: int64, evenly spread over [low, high), in row-major
   * order.
   */
  public long[] randint(long low, long high, long... shape) {
    if (low >= high) {
      throw new IllegalArgumentException(
          "randint draws from low to high - 1, but low is " + low + " and high is " + high + ".");
    }
    // A range above 2^63 shows as negative, and takes 64 bits a number as any from 2^32 on.
    long range = high - low;
    boolean wide = range < 0 || range >= 1L << 32;
    long[] values = new long[count(shape)];
    for (int i = 0; i < values.length; i++) {
      long bits = wide ? next64() : next32();
      values[i] = low + Long.remainderUnsigned(bits, range);
    }
    return values;
  }

  /** {@code torch.empty((), dtype=torch.int64).random_()}: evenly spread over [0, 2⁶³). */
  public long random() {
    return next64() & Long.MAX_VALUE;
  }

  /** {@link #randint(long, long, long...)} as an array of {@code manager}. */
  public NDArray randint(NDManager manager, long low, long high, Shape shape) {
    return manager.create(randint(low, high, shape.getShape()), shape);
  }

  /** {@code torch.randperm(n)}: the numbers 0 to n - 1 in random order. */
  public long[] randperm(int n) {
    if (n < 0 || n >= LONGEST_PERMUTATION) {
      throw new IllegalArgumentException(
          "randperm makes 0 to " + LONGEST_PERMUTATION + " numbers, not " + n + ".");
    }
    long[] values = new long[n];
    Arrays.setAll(values, i -> i);
    for (int i = 0; i < n - 1; i++) {
      int other = i + (int) (next32() % (n - i));
      long value = values[i];
      values[i] = values[other];
      values[other] = value;
    }
    return values;
  }

  /** {@link #randperm(int)} as an array of {@code manager}, of shape (n). */
  public NDArray randperm(NDManager manager, int n) {
    return manager.create(randperm(n));
  }

  private static int count(long[] shape) {
    long count = 1;
    for (long size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException(
            "A shape has sizes of 0 or more, not " + Arrays.toString(shape) + ".");
      }
      count = Math.multiplyExact(count, size);
    }
    return Math.toIntExact(count);
  }

  private double nextNormal() {
    if (!Double.isNaN(cachedNormal)) {
      double normal = cachedNormal;
      cachedNormal = Double.NaN;
      return normal;
    }
    double u1 = nextDouble();
    double u2 = nextDouble();
    double radius = Math.sqrt(-2 * StrictMath.log1p(-u2));
    double theta = 2 * Math.PI * u1;
    cachedNormal = radius * StrictMath.sin(theta);
    return radius * StrictMath.cos(theta);
  }

  private float nextFloat() {
    return (next32() & (1 << 24) - 1) * 0x1p-24f;
  }

  private double nextDouble() {
    return (next64() & (1L << 53) - 1) * 0x1p-53;
  }

  private long next64() {
    long high = next32();
    return high << 32 | next32();
  }

  /** The next 32 bits, as an unsigned number. */
  private long next32() {
    if (position == WORDS) {
      twist();
    }
    int word = words[position++];
    word ^= word >>> 11;
    word ^= word << 7 & 0x9D2C5680;
    word ^= word << 15 & 0xEFC60000;
    word ^= word >>> 18;
    return word & 0xFFFFFFFFL;
  }

  private void twist() {
    for (int i = 0; i < WORDS; i++) {
      int mixed = words[i] & 0x80000000 | words[(i + 1) % WORDS] & 0x7FFFFFFF;
      int twisted = mixed >>> 1 ^ ((mixed & 1) == 0 ? 0 : 0x9908B0DF);
      words[i] = words[(i + SHIFT) % WORDS] ^ twisted;
    }
    position = 0;
  }
}
