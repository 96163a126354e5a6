package io.github.kolors4j.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import java.util.Set;

/**
 * Named tensors in a file, or in several that belong together. Opening reads names, types and
 * shapes only; a tensor's values are read when they are asked for.
 */
public interface TensorFile extends AutoCloseable {

  /** The names of all tensors, in the file's order. */
  Set<String> names();

  /**
   * Type and shape of a tensor.
   *
   * @throws WeightsException if the file has no tensor of this name
   */
  TensorInfo info(String name);

  /**
   * Reads a tensor.
   *
   * @param name the tensor's name
   * @param manager the owner of the result, which is made on its device
   * @return the values in the stored type ({@code BFLOAT16} widened to {@code FLOAT32})
   * @throws WeightsException if the file has no tensor of this name, or cannot be read
   */
  NDArray read(String name, NDManager manager);

  /** What the file says about itself besides its tensors; empty if it says nothing. */
  Map<String, String> metadata();

  /** Closes the file. Tensors that were read stay valid. */
  @Override
  void close();
}
