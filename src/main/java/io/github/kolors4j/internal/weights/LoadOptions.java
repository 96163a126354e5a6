package io.github.kolors4j.internal.weights;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.tensor.Precision;

/**
 * How a network is loaded. The two are independent, since a layer converts its weights to the type
 * that it computes with: weights held as they were published lose nothing and compute in float32 in
 * half of its memory.
 *
 * @param precision what the network computes with
 * @param storageType where its weights are, and in which type
 */
public record LoadOptions(Precision precision, StorageType storageType) {
  /** Held and computed in float32. */
  public static final LoadOptions FLOAT32 = in(Precision.FLOAT32);

  /** Held and computed in one precision. */
  public static LoadOptions in(Precision precision) {
    return new LoadOptions(precision, StorageType.of(precision));
  }

  /**
   * Whether a tensor's values stay in the file: those of matrices and kernels, if they are held on
   * disk. bfloat16 is an exception, since DJL makes no such array of a file's pages.
   */
  public boolean keepsInFile(DataType stored, Shape shape) {
    return storageType == StorageType.DISK && shape.dimension() > 1 && stored != DataType.BFLOAT16;
  }

  /**
   * The type in which a tensor is held that is not quantized: what is held in no type of its own
   * keeps the file's if that has 16 bits.
   */
  public Precision heldAs(DataType stored) {
    if (storageType.precision() != null) {
      return storageType.precision();
    }
    return switch (stored) {
      case FLOAT16 -> Precision.FLOAT16;
      case BFLOAT16 -> Precision.BFLOAT16;
      default -> Precision.FLOAT32;
    };
  }
}
