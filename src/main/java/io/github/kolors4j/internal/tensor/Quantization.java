package io.github.kolors4j.internal.tensor;

/**
 * How weights are rounded to a few levels: each row of a matrix is cut into groups of neighbours,
 * and a group's levels are spread evenly from its smallest weight to its largest (round to nearest,
 * as in Dettmers and Zettlemoyer 2022, "The case for 4-bit precision").
 *
 * @param bits of a level: 8, or 4 with two levels in a byte
 * @param groupSize weights in a group; a row whose length is no multiple of it is one group
 */
public record Quantization(int bits, int groupSize) {
  /** 256 levels: about a quarter of float32's memory. */
  public static final Quantization INT8 = new Quantization(8, 64);

  /** 16 levels: about a seventh of float32's memory. */
  public static final Quantization INT4 = new Quantization(4, 64);

  /** A float32 minimum and scale for each group. */
  private static final int GROUP_BYTES = 8;

  /** Checks the values. */
  public Quantization {
    if (bits != 4 && bits != 8) {
      throw new IllegalArgumentException("Weights are quantized to 8 or 4 bits, not " + bits + ".");
    }
    if (groupSize < 1) {
      throw new IllegalArgumentException("A group has at least one weight, not " + groupSize + ".");
    }
  }

  /** The number of the highest level. */
  int highestLevel() {
    return (1 << bits) - 1;
  }

  /** Weights of a group in rows of this length. */
  int groupSize(long rowLength) {
    return rowLength % groupSize == 0 ? groupSize : Math.toIntExact(rowLength);
  }

  /** Whether rows of this length can be stored: four-bit levels come in pairs. */
  public boolean fits(long rowLength) {
    return bits == 8 || rowLength % 2 == 0;
  }

  /** Bytes that a matrix of this shape takes. */
  public long bytes(long rows, long rowLength) {
    return rows * (rowLength * bits / 8 + rowLength / groupSize(rowLength) * GROUP_BYTES);
  }
}
