package io.github.kolors4j.concepts;

import ai.djl.ndarray.NDArray;
import java.util.Map;

/** Something with parameters that a {@link Fitting} changes. */
public interface Trainable {

  /** The parameters by name: float32, live arrays that belong to this and are changed in place. */
  Map<String, NDArray> parameters();

  /** How many numbers are learned. */
  default long parameterCount() {
    return parameters().values().stream().mapToLong(NDArray::size).sum();
  }
}
