package io.github.kolors4j.internal.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.WeightsException;
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

  /**
   * Gives a tensor whose values stay in the file and are read when something computes with them.
   *
   * <p>Nothing may write to it. It stays valid when this file is closed, but not when the file
   * shrinks or its disk goes away.
   *
   * @param manager the owner of the result, which is on the CPU whatever the manager's device
   * @return the values in the stored type; bfloat16, and a tensor that does not lie in the file row
   *     by row, is read into memory as {@link #read} does
   * @throws WeightsException as {@link #read}
   */
  default NDArray map(String name, NDManager manager) {
    return read(name, manager);
  }

  /** What the file says about itself besides its tensors; empty if it says nothing. */
  Map<String, String> metadata();

  /** Closes the file. Tensors that were read stay valid. */
  @Override
  void close();
}
