package io.github.kolors4j.internal.tensor;

import java.util.Arrays;

/**
 * PyTorch's normal numbers on an NVIDIA GPU, computed without one: {@code new CudaRandom(s, gpu)}
 * draws what {@code torch.randn(…, device="cuda")} draws after {@code torch.manual_seed(s)}. They
 * are others than {@link TorchRandom}'s, the CPU's.
 *
 * <p>The generator is Philox 4×32 with 10 rounds, whose 128-bit counter is made of the thread's
 * number and of how often the thread has drawn before. Four 32-bit numbers come of one count, and
 * four normal ones of these by the Box–Muller transform. Each thread uses the first of its four;
 * where there are more numbers than threads, the second, third and fourth follow, and then the next
 * count. So the numbers depend on the GPU's size, see {@link CudaGpu}, and on the sizes of the
 * calls, but for one thing: two calls are never of the same counts.
 *
 * <p>The 32-bit numbers are the GPU's, bit for bit. The normal ones are within 3e-6 of it: it
 * computes sine and cosine by a table of its own ({@code __sincosf}). Rounded to float16 ({@link
 * #randnHalf}) one or two in a thousand are neighbours of the GPU's.
 *
 * <p>Not safe to use from several threads at once.
 *
 * @see <a href="https://doi.org/10.1145/2063384.2063405">Salmon et al. 2011, Parallel Random
 *     Numbers: As Easy as 1, 2, 3</a>; {@code curand_philox4x32_x.h} and {@code curand_normal.h} of
 *     CUDA; {@code aten/src/ATen/native/cuda/DistributionTemplates.h} of PyTorch
 */
public final class CudaRandom {
  /** Threads of a block in PyTorch's kernel. */
  static final int BLOCK = 256;

  private static final int ROUNDS = 10;
  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;

  private static final float TO_UNIT = 2.3283064e-10f; // 2⁻³²
  private static final float TO_ANGLE = 2.3283064e-10f * 6.2831855f;

  /** Normal numbers of one count. */
  private static final int UNROLL = 4;

  private final long seed;
  private final CudaGpu gpu;

  /** How often each thread has drawn. */
  private long count;

  /** A generator as after {@code torch.manual_seed(seed)}. */
  public CudaRandom(long seed, CudaGpu gpu) {
    this.seed = seed;
    this.gpu = gpu;
  }

  /** {@code torch.randn(shape, device="cuda")}: float32, in row-major order. */
  public float[] randn(long... shape) {
    int size = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    float[] values = new float[size];
    if (size == 0) {
      return values;
    }
    long blocks = (size + BLOCK - 1L) / BLOCK;
    int threads = (int) Math.min(blocks * BLOCK, gpu.threads());
    for (int i = 0; i < size; i++) {
      int drawn = i / threads;
      values[i] = normal(count + drawn / UNROLL, i % threads, drawn % UNROLL);
    }
    count += (size - 1L) / ((long) threads * UNROLL) + 1;
    return values;
  }

  /** {@code torch.randn(shape, device="cuda", dtype=torch.float16)}, as float32. */
  public float[] randnHalf(long... shape) {
    float[] values = randn(shape);
    for (int i = 0; i < values.length; i++) {
      values[i] = half(values[i]);
    }
    return values;
  }

  /** The float16 nearest to a number below 65,520, the even one of two as near. */
  static float half(float value) {
    float step = Math.scalb(1f, Math.max(Math.getExponent(value), -14) - 10);
    return (float) Math.rint(value / step) * step;
  }

  /** One of the four normal numbers that a thread draws at a count. */
  private float normal(long count, int thread, int which) {
    int[] bits = philox((int) count, (int) (count >>> 32), thread, 0);
    int pair = which & 2;
    // A GPU fuses each product with the addition.
    float unit = Math.fma(unsigned(bits[pair]), TO_UNIT, TO_UNIT / 2);
    float angle = Math.fma(unsigned(bits[pair + 1]), TO_ANGLE, TO_ANGLE / 2);
    float radius = (float) Math.sqrt(-2f * (float) StrictMath.log(unit));
    double direction = which % 2 == 0 ? StrictMath.sin(angle) : StrictMath.cos(angle);
    return (float) direction * radius;
  }

  private static float unsigned(int bits) {
    return (float) (bits & 0xFFFFFFFFL);
  }

  private int[] philox(int c0, int c1, int c2, int c3) {
    int[] counter = {c0, c1, c2, c3};
    int key0 = (int) seed;
    int key1 = (int) (seed >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = MULTIPLIER_0 * (counter[0] & 0xFFFFFFFFL);
      long product1 = MULTIPLIER_1 * (counter[2] & 0xFFFFFFFFL);
      counter[0] = (int) (product1 >>> 32) ^ counter[1] ^ key0;
      counter[1] = (int) product1;
      counter[2] = (int) (product0 >>> 32) ^ counter[3] ^ key1;
      counter[3] = (int) product0;
      key0 += WEYL_0;
      key1 += WEYL_1;
    }
    return counter;
  }
}
