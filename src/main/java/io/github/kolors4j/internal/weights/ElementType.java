package io.github.kolors4j.internal.weights;

import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of numbers that weight files store, and as what each is read. The constants have
 * safetensors' names and stand in its order, by which it sorts a file's tensors (the {@code
 * safetensors} Rust library, {@code Dtype}).
 *
 * <p>DJL makes no arrays of some kinds, and ends the whole process if it is asked to. Those are
 * read as the smallest type that holds all of their values: eight-bit floating point as {@code
 * FLOAT16}, bfloat16 as {@code FLOAT32}, integers as the next longer ones. What has no such type
 * (complex, quantized and packed numbers, floats of four and six bits) is not in this list, and a
 * file that stores it is refused by its name.
 */
enum ElementType {
  BOOL(1, DataType.BOOLEAN, "bool") {
    @Override
    void put(ByteBuffer stored, ByteBuffer target) {
      target.put((byte) (stored.get() == 0 ? 0 : 1)); // any other byte is no boolean to PyTorch
    }
  },
  U8(1, DataType.UINT8, "uint8"),
  I8(1, DataType.INT8, "int8"),
  F8_E5M2(1, DataType.FLOAT16, "float8_e5m2") {
    @Override
    void put(ByteBuffer stored, ByteBuffer target) {
      target.putShort((short) (stored.get() << 8)); // the upper half of a float16
    }
  },
  F8_E4M3(1, DataType.FLOAT16, "float8_e4m3fn") {
    @Override
    void put(ByteBuffer stored, ByteBuffer target) {
      byte bits = stored.get();
      boolean number = (bits & 0x7f) != 0x7f; // it has no infinity
      target.putShort(number ? float16(bits, 3, 7) : NAN);
    }
  },
  F8_E5M2FNUZ(1, DataType.FLOAT16, "float8_e5m2fnuz") {
    @Override
    void put(ByteBuffer stored, ByteBuffer target) {
      byte bits = stored.get();
      target.putShort(bits == Byte.MIN_VALUE ? NAN : float16(bits, 2, 16)); // no negative zero
    }
  },
  F8_E4M3FNUZ(1, DataType.FLOAT16, "float8_e4m3fnuz") {
    @Override
    void put(ByteBuffer stored, ByteBuffer target) {
      byte bits = stored.get();
      target.putShort(bits == Byte.MIN_VALUE ? NAN : float16(bits, 3, 8));
    }
  },
  I16(2, DataType.INT32, "int16") {
    @Override
    void put(ByteBuffer stored, ByteBuffer target) {
      target.putInt(stored.getShort());
    }
  },
  U16(2, DataType.INT32, "uint16") {
    @Override
    void put(ByteBuffer stored, ByteBuffer target) {
      target.putInt(stored.getShort() & 0xffff);
    }
  },
  F16(2, DataType.FLOAT16, "float16"),
  BF16(2, DataType.FLOAT32, "bfloat16") {
    @Override
    void put(ByteBuffer stored, ByteBuffer target) {
      target.putInt(stored.getShort() << 16); // the upper half of the float32 of the same value
    }
  },
  I32(4, DataType.INT32, "int32"),
  U32(4, DataType.INT64, "uint32") {
    @Override
    void put(ByteBuffer stored, ByteBuffer target) {
      target.putLong(stored.getInt() & 0xffffffffL);
    }
  },
  F32(4, DataType.FLOAT32, "float32"),
  F64(8, DataType.FLOAT64, "float64"),
  I64(8, DataType.INT64, "int64"),
  U64(8, DataType.INT64, "uint64") {
    @Override
    void put(ByteBuffer stored, ByteBuffer target) throws IOException {
      long value = stored.getLong();
      if (value < 0) {
        throw new IOException(
            "it holds the number "
                + Long.toUnsignedString(value)
                + ", which no type here holds; convert it to float32 in Python");
      }
      target.putLong(value);
    }
  };

  private static final short NAN = 0x7e00;

  private final int bytes;
  private final DataType readAs;
  private final String torchName;
  private final boolean converted;

  ElementType(int bytes, DataType readAs, String torchName) {
    this.bytes = bytes;
    this.readAs = readAs;
    this.torchName = torchName;
    converted = getClass() != ElementType.class;
  }

  /** The kind of a safetensors name such as {@code BF16}, or null if there is none. */
  static @Nullable ElementType named(String safetensorsName) {
    for (ElementType type : values()) {
      if (type.name().equals(safetensorsName)) {
        return type;
      }
    }
    return null;
  }

  /** The kind of a torch name such as {@code bfloat16}, or null if there is none. */
  static @Nullable ElementType ofTorch(String name) {
    for (ElementType type : values()) {
      if (type.torchName.equals(name)) {
        return type;
      }
    }
    return null;
  }

  /** The kind in which an array's values are written, or null if there is none. */
  static @Nullable ElementType of(DataType type) {
    for (ElementType candidate : values()) {
      boolean same = !candidate.converted || candidate == BOOL || candidate == BF16;
      if (same && candidate.describedAs() == type) {
        return candidate;
      }
    }
    return null;
  }

  /** Bytes that a value takes in the file. */
  int bytes() {
    return bytes;
  }

  /** The type of the array that is read. */
  DataType readAs() {
    return readAs;
  }

  /** The type for {@link TensorInfo#type}: that of the array, but {@code BFLOAT16} for bfloat16. */
  DataType describedAs() {
    return this == BF16 ? DataType.BFLOAT16 : readAs;
  }

  /** Whether the values are stored otherwise than in the array's memory. */
  boolean isConverted() {
    return converted;
  }

  /**
   * Moves the next value from the file's form to the array's, both little-endian.
   *
   * @throws IOException if the array's type does not hold it
   */
  void put(ByteBuffer stored, ByteBuffer target) throws IOException {
    throw new IllegalStateException(this + " is stored as it is read.");
  }

  /**
   * A float16 of the same value as a number of eight bits.
   *
   * @param fraction bits of the fraction
   * @param bias of the exponent
   */
  private static short float16(byte bits, int fraction, int bias) {
    int exponent = (bits & 0x7f) >>> fraction;
    int significand = bits & (1 << fraction) - 1;
    int least = 25 - bias - fraction; // of the smallest number, as a multiple of 2^-24
    int sum = exponent == 0 ? significand : significand + (1 << fraction);
    long units = (long) sum << Math.max(0, exponent - 1) << least;
    return (short) ((bits & 0x80) << 8 | half(units));
  }

  /** The float16 of a multiple of 2^-24 that it holds exactly. */
  private static int half(long units) {
    int length = 64 - Long.numberOfLeadingZeros(units);
    if (length <= 11) {
      // Below 2^-13: the bits of a subnormal number, and of the first normal ones, are the
      // multiple.
      return (int) units;
    }
    int exponent = length - 10;
    return exponent << 10 | (int) (units >>> length - 11) & 0x3ff;
  }
}
