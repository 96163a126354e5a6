package io.github.kolors4j.internal.tensor;

/**
 * The Box–Muller transform in single precision, operation by operation as PyTorch's AVX2 kernel
 * computes it: with the polynomials of Cephes for logarithm, sine and cosine, and every product
 * that is added to something fused with the addition. This is what makes noise equal to Python's in
 * every bit; the functions of {@link Math} would be closer to the truth, and differ by up to 5e-7.
 *
 * @see <a href="https://doi.org/10.1214/aoms/1177706645">Box and Muller, A Note on the Generation
 *     of Random Normal Deviates</a>; {@code normal_fill_16_AVX2} in {@code
 *     aten/src/ATen/native/cpu/DistributionTemplates.h} and {@code avx_mathfun.h} of PyTorch
 */
final class BoxMuller {
  /**
   * Numbers are transformed in blocks of this many: number j of the first half with j of the
   * second.
   */
  static final int BLOCK = 16;

  private static final float TWO_PI = (float) (2 * Math.PI);
  private static final float SQRT_HALF = 0.70710678f;

  private BoxMuller() {}

  /** Turns 16 uniform numbers of [0, 1) from {@code start} on into standard normal ones. */
  static void transform(float[] values, int start) {
    for (int j = start; j < start + BLOCK / 2; j++) {
      float u1 = 1 - values[j]; // (0, 1], for the logarithm
      float u2 = values[j + BLOCK / 2];
      float radius = (float) Math.sqrt(-2 * log(u1));
      float theta = TWO_PI * u2;
      // PyTorch multiplies by the deviation 1 and adds the mean 0, which turns -0 into 0.
      values[j] = radius * cos(theta) + 0f;
      values[j + BLOCK / 2] = radius * sin(theta) + 0f;
    }
  }

  /** Natural logarithm of a positive normal number. */
  static float log(float value) {
    int bits = Float.floatToRawIntBits(value);
    float exponent = (bits >>> 23) - 0x7F + 1;
    float mantissa = Float.intBitsToFloat(bits & 0x807FFFFF | Float.floatToRawIntBits(0.5f));
    float x = mantissa - 1;
    if (mantissa < SQRT_HALF) {
      exponent -= 1;
      x += mantissa;
    }
    float z = x * x;
    float y = 7.0376836292E-2f;
    y = Math.fma(y, x, -1.1514610310E-1f);
    y = Math.fma(y, x, 1.1676998740E-1f);
    y = Math.fma(y, x, -1.2420140846E-1f);
    y = Math.fma(y, x, 1.4249322787E-1f);
    y = Math.fma(y, x, -1.6668057665E-1f);
    y = Math.fma(y, x, 2.0000714765E-1f);
    y = Math.fma(y, x, -2.4999993993E-1f);
    y = Math.fma(y, x, 3.3333331174E-1f);
    y = Math.fma(y * x, z, exponent * -2.12194440e-4f);
    y = Math.fma(z, -0.5f, y);
    return Math.fma(exponent, 0.693359375f, x + y);
  }

  /** Sine of an angle from 0 to 2π. */
  static float sin(float angle) {
    int octant = octant(angle);
    float x = remainder(angle, octant);
    float value = (octant & 2) == 0 ? sinPolynomial(x) : cosPolynomial(x);
    return (octant & 4) == 0 ? value : -value;
  }

  /** Cosine of an angle from 0 to 2π. */
  static float cos(float angle) {
    int octant = octant(angle);
    float x = remainder(angle, octant);
    float value = (octant & 2) == 0 ? cosPolynomial(x) : sinPolynomial(x);
    return (octant - 2 & 4) != 0 ? value : -value;
  }

  /** The even multiple of π/4 that is nearest to an angle. */
  private static int octant(float angle) {
    return (int) (angle * 1.27323954473516f) + 1 & ~1;
  }

  /** What is left of an angle after its octant, with π/4 in three parts for the precision. */
  private static float remainder(float angle, int octant) {
    float x = Math.fma(octant, -0.78515625f, angle);
    x = Math.fma(octant, -2.4187564849853515625e-4f, x);
    return Math.fma(octant, -3.77489497744594108e-8f, x);
  }

  private static float cosPolynomial(float x) {
    float z = x * x;
    float y = 2.443315711809948E-005f;
    y = Math.fma(y, z, -1.388731625493765E-003f);
    y = Math.fma(y, z, 4.166664568298827E-002f);
    y = Math.fma(y * z, z, -0.5f * z);
    return y + 1;
  }

  private static float sinPolynomial(float x) {
    float z = x * x;
    float y = -1.9515295891E-4f;
    y = Math.fma(y, z, 8.3321608736E-3f);
    y = Math.fma(y, z, -1.6666654611E-1f);
    return Math.fma(y * z, x, x);
  }
}
