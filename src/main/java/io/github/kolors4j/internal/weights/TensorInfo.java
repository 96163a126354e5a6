package io.github.kolors4j.internal.weights;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * What a weight file says about one tensor, known before its values are read.
 *
 * @param name the tensor's name in the file
 * @param type the type of the values, which is the one that the file stores, or where DJL lacks
 *     that one, the smallest that holds all of them: {@code FLOAT16} for floats of eight bits,
 *     {@code INT32} for integers of 16. {@code BFLOAT16} is read as {@code FLOAT32}
 * @param shape the tensor's shape; {@code ()} for a scalar
 */
public record TensorInfo(String name, DataType type, Shape shape) {

  /** The number of values. */
  public long elements() {
    return shape.size();
  }

  /** The number of bytes that the values take in this type. */
  public long bytes() {
    return elements() * type.getNumOfBytes();
  }
}
