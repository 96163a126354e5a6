package io.github.kolors4j.internal.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.tensor.QuantizedMatrix;
import java.util.Optional;
import java.util.Set;

/** Where a network's tensors come from: a file, or a random initialisation. */
public interface WeightSource {
  /** What it is, for messages. */
  default String described() {
    return "The weights";
  }

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

  /**
   * Gives the matrix of a linear layer in few bits, if this source holds such matrices so.
   *
   * @param shape (out, in)
   * @return arrays owned by the manager, or nothing: then {@link #read} it
   * @throws WeightsException as {@link #read}
   */
  default Optional<QuantizedMatrix> quantized(String name, Shape shape, NDManager manager) {
    return Optional.empty();
  }

  /** Whether the arrays of this source may be written to; those in a file may not. */
  default boolean writable() {
    return true;
  }

  /**
   * Checks what {@link #read} would give, without reading it.
   *
   * @throws WeightsException as {@link #read}
   */
  default void check(String name, Shape shape) {}
}
