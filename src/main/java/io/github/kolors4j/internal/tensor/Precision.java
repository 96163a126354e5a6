package io.github.kolors4j.internal.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A floating-point type that networks compute with. */
public enum Precision {
  /** 24 bits of precision. */
  FLOAT32("fp32", 4),

  /** The range of float32 with 8 bits of precision. */
  BFLOAT16("bf16", 2),

  /** 11 bits of precision, and nothing above 65,504: large activations become infinite. */
  FLOAT16("fp16", 2);

  private static final Logger LOG = LoggerFactory.getLogger(Precision.class);

  private final String label;
  private final int bytes;

  Precision(String label, int bytes) {
    this.label = label;
    this.bytes = bytes;
  }

  /**
   * The precision of a name that the ecosystem uses.
   *
   * @param label {@code fp32}, {@code bf16} or {@code fp16}
   * @throws IllegalArgumentException if there is none of this name
   */
  public static Precision named(String label) {
    return Arrays.stream(values())
        .filter(precision -> precision.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "There is no precision \"%s\"; there are %s."
                        .formatted(
                            label,
                            Arrays.stream(values())
                                .map(Precision::label)
                                .collect(Collectors.joining(", ")))));
  }

  /** The precision of a floating-point array; bfloat16 is what DJL has no name for. */
  public static Precision of(NDArray array) {
    DataType type = array.getDataType();
    return switch (type) {
      case FLOAT32 -> FLOAT32;
      case FLOAT16 -> FLOAT16;
      case UNKNOWN, BFLOAT16 -> BFLOAT16;
      default -> throw new IllegalArgumentException("No network computes with " + type + ".");
    };
  }

  /**
   * The values in this precision, rounded if it is the lower one. An array that has it already
   * gives another handle on itself. The result belongs to the array's manager.
   */
  public NDArray convert(NDArray array) {
    return switch (this) {
      case FLOAT32 -> TensorOperators.float32(array);
      case BFLOAT16 -> TensorOperators.bfloat16(array);
      case FLOAT16 -> TensorOperators.float16(array);
    };
  }

  /**
   * Computes in this precision, and again in float32 if a number became too large for it.
   *
   * @param computation with the precision that it is to compute in
   * @param numbers those of its result that must be finite
   * @param where and what is done about it, for the log
   */
  public <T> T orFloat32(
      Function<Precision, T> computation, Function<T, NDArray> numbers, String where) {
    T result = computation.apply(this);
    if (this == FLOAT32 || TensorOperators.allFinite(numbers.apply(result))) {
      return result;
    }
    LOG.warn("Numbers became too large for {} {}", label, where);
    return computation.apply(FLOAT32);
  }

  /** Its short name: {@code fp32}, {@code bf16} or {@code fp16}. */
  public String label() {
    return label;
  }

  /** Bytes of one value. */
  public int bytes() {
    return bytes;
  }
}
