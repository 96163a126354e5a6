package io.github.kolors4j.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Set;

/** Where a network's tensors come from: a file, or a random initialisation. */
public interface WeightSource {
  /** The names of all tensors it holds; empty if it makes any tensor on demand. */
  Set<String> names();

  /**
   * Gives one tensor.
   *
   * @param name the published name, for example {@code conv_in.weight}
   * @param shape the shape that the network expects
   * @return an array of that shape, owned by the manager
   * @throws WeightsException if there is no such tensor or it has another shape
   */
  NDArray read(String name, Shape shape, NDManager manager);
}
