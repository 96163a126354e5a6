package io.github.kolors4j.concepts;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.kolors4j.internal.tensor.TensorOperators;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A normalizing flow of the plane (RealNVP, Dinh et al. 2016, arXiv:1605.08803): a chain of affine
 * couplings, each of which can be undone exactly and whose change of area is known, so that the
 * likelihood is exact.
 *
 * <p>A coupling keeps one coordinate {@code a} and moves the other: {@code b' = (b - t(a)) ·
 * e^(-s(a))}. The next one keeps what this one moved. {@code s} and {@code t} are a perceptron's
 * two outputs; nobody has to invert it.
 */
public final class RealNVP implements Trainable, AutoCloseable {
  /** A coupling stretches by at most e² either way, so that no step of the training explodes. */
  private static final double LARGEST_SCALE = 2;

  private final List<Perceptron> couplings;

  /**
   * What data become, and what they are worth.
   *
   * @param z where the points come to lie in the noise: (n, 2)
   * @param logDeterminant the logarithm of how much the area around each point grew: (n, 1)
   */
  public record ToNoise(NDArray z, NDArray logDeterminant) {

    /** {@code log p(x) = log N(z; 0, 1) + log |det dz/dx|}, in nats: (n, 1). */
    public NDArray logLikelihood() {
      NDArray squares = TensorOperators.scale(z.square().sum(new int[] {1}, true), -0.5);
      return squares.sub(Math.log(2 * Math.PI)).add(logDeterminant);
    }
  }

  /**
   * A flow that changes nothing at first.
   *
   * @param couplings how many, at least 2, so that both coordinates are moved
   * @param width of the two hidden layers of each
   * @param seed of the first weights
   */
  public RealNVP(int couplings, int width, long seed) {
    if (couplings < 2) {
      throw new IllegalArgumentException(
          "A flow has at least 2 couplings, one for each coordinate; not " + couplings + ".");
    }
    Perceptron.Layers layers = Perceptron.layers(1, width, width, 2).waves(3).startingAtZero();
    this.couplings =
        IntStream.range(0, couplings).mapToObj(i -> layers.seed(1000 * seed + i).build()).toList();
  }

  /**
   * From the data to the noise.
   *
   * @param x (n, 2)
   */
  public ToNoise toNoise(NDArray x) {
    NDArray z = x;
    NDArray logDeterminant = x.zerosLike().get(":, 0:1");
    for (int i = 0; i < couplings.size(); i++) {
      NDList coordinates = z.split(2, 1);
      NDArray kept = coordinates.get(i % 2);
      NDList scaleAndShift = couplings.get(i).forward(kept).split(2, 1);
      NDArray s = bounded(scaleAndShift.get(0));
      NDArray moved = coordinates.get(1 - i % 2).sub(scaleAndShift.get(1)).mul(s.neg().exp());
      z = i % 2 == 0 ? kept.concat(moved, 1) : moved.concat(kept, 1);
      logDeterminant = logDeterminant.sub(s);
    }
    return new ToNoise(z, logDeterminant);
  }

  /**
   * From the noise to the data: the exact inverse.
   *
   * @param z (n, 2)
   * @return (n, 2)
   */
  public NDArray toData(NDArray z) {
    NDArray x = z;
    for (int i = couplings.size() - 1; i >= 0; i--) {
      x = undo(i, x);
    }
    return x;
  }

  /** Undoes one coupling: what a film of the crossing shows one after another, last first. */
  public NDArray undo(int coupling, NDArray z) {
    NDList coordinates = z.split(2, 1);
    NDArray kept = coordinates.get(coupling % 2);
    NDList scaleAndShift = couplings.get(coupling).forward(kept).split(2, 1);
    NDArray s = bounded(scaleAndShift.get(0));
    NDArray moved = coordinates.get(1 - coupling % 2).mul(s.exp()).add(scaleAndShift.get(1));
    return coupling % 2 == 0 ? kept.concat(moved, 1) : moved.concat(kept, 1);
  }

  private static NDArray bounded(NDArray s) {
    return TensorOperators.scale(s.tanh(), LARGEST_SCALE);
  }

  @Override
  public Map<String, NDArray> parameters() {
    Map<String, NDArray> all = new LinkedHashMap<>();
    for (int i = 0; i < couplings.size(); i++) {
      String prefix = "couplings." + i + ".";
      couplings.get(i).parameters().forEach((name, array) -> all.put(prefix + name, array));
    }
    return all;
  }

  @Override
  public void close() {
    couplings.forEach(Perceptron::close);
  }

  @Override
  public String toString() {
    return "RealNVP of " + couplings.size() + " couplings, " + parameterCount() + " parameters";
  }
}
