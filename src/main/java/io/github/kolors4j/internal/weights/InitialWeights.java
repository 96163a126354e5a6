package io.github.kolors4j.internal.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Random;
import java.util.Set;

/**
 * Fresh random weights to train a network from nothing.
 *
 * <p>Matrices and kernels are uniform in ±1/√(fan in), as PyTorch's layers start; embeddings are
 * normal with standard deviation 0.02; scales of norms are one and biases zero. An output layer
 * that is named as such starts at zero where that makes training steadier.
 */
public final class InitialWeights implements WeightSource {
  private final Random random;
  private final Set<String> zeros;

  /**
   * @param seed of the random numbers
   * @param zeros full names of tensors that start at zero
   */
  public InitialWeights(long seed, Set<String> zeros) {
    this.random = new Random(seed);
    this.zeros = Set.copyOf(zeros);
  }

  @Override
  public Set<String> names() {
    return Set.of();
  }

  @Override
  public NDArray read(String name, Shape shape, NDManager manager) {
    if (zeros.contains(name) || name.endsWith("bias")) {
      return manager.zeros(shape);
    }
    if (shape.dimension() == 1) {
      return manager.ones(shape);
    }
    float[] values = new float[Math.toIntExact(shape.size())];
    if (name.contains("embedding")) {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (0.02 * random.nextGaussian());
      }
    } else {
      double bound = 1 / Math.sqrt((double) shape.size() / shape.get(0));
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (bound * (2 * random.nextDouble() - 1));
      }
    }
    return manager.create(values, shape);
  }
}
