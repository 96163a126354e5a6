package io.github.kolors4j.internal.weights;

import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.tensor.Quantization;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where a network's weights are while it is used, and in which type. */
public enum StorageType {
  /** In memory, in float32. */
  FLOAT32("fp32"),

  /** In memory, in bfloat16: half of float32's memory, weights rounded to 8 bits. */
  BFLOAT16("bf16"),

  /** In memory, in float16, as most models are published: half of float32's memory. */
  FLOAT16("fp16"),

  /** In memory, the linear layers in eight bits ({@link Quantization#INT8}). */
  INT8("int8"),

  /** In memory, the linear layers in four bits ({@link Quantization#INT4}). */
  INT4("int4"),

  /**
   * In the file, which is mapped: each layer's weights are read when it computes. The operating
   * system keeps in memory what it has room for, and takes it back when others need it.
   */
  DISK("disk");

  private final String label;

  StorageType(String label) {
    this.label = label;
  }

  /** Weights in memory in a precision. */
  public static StorageType of(Precision precision) {
    return switch (precision) {
      case FLOAT32 -> FLOAT32;
      case BFLOAT16 -> BFLOAT16;
      case FLOAT16 -> FLOAT16;
    };
  }

  /**
   * The storage type of a name.
   *
   * @param label {@code fp32}, {@code bf16}, {@code fp16}, {@code int8}, {@code int4} or {@code
   *     disk}
   * @throws IllegalArgumentException if there is none of this name
   */
  public static StorageType named(String label) {
    return Arrays.stream(values())
        .filter(storageType -> storageType.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Weights cannot be held as \"%s\"; there are %s."
                        .formatted(
                            label,
                            Arrays.stream(values())
                                .map(StorageType::label)
                                .collect(Collectors.joining(", ")))));
  }

  /** Its short name, such as {@code fp16}. */
  public String label() {
    return label;
  }

  /** How linear layers are quantized, or null if they are not. */
  public @Nullable Quantization quantization() {
    return switch (this) {
      case INT8 -> Quantization.INT8;
      case INT4 -> Quantization.INT4;
      default -> null;
    };
  }

  /** Its floating-point type, or null for those that keep the file's. */
  @Nullable Precision precision() {
    return switch (this) {
      case FLOAT32 -> Precision.FLOAT32;
      case BFLOAT16 -> Precision.BFLOAT16;
      case FLOAT16 -> Precision.FLOAT16;
      default -> null;
    };
  }
}
