package io.github.kolors4j.internal.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.tensor.TensorOperators;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * {@link AdamW} whose averages take a byte a number instead of four (Dettmers et al. 2021; {@code
 * bitsandbytes.optim.AdamW8bit}).
 *
 * <p>Averages are kept in blocks of 256. A byte is a place in a map of 256 values from 0 or -1 to
 * 1, which lie closer near zero ("dynamic quantization"); the block's largest absolute value scales
 * them. Parameters of fewer than 4,096 numbers keep float32 averages, as in the original. Computed
 * as in bitsandbytes' reference in PyTorch ({@code backends/triton/kernels_optim.py}). Its CUDA
 * kernel divides less exactly and takes the weight decay off after the step instead of before; its
 * CPU kernel looks places up in a table that is too coarse for squares near zero.
 */
public final class AdamW8bit extends Optimizer {
  /** Numbers that share a scale. */
  private static final int BLOCK = 256;

  /** Smaller parameters are not worth it. */
  private static final int SMALLEST = 4096;

  private record Averages(NDArray m, NDArray largestM, NDArray v, NDArray largestV) {}

  private final AdamW.Settings settings;

  /** Of the parameters that are large enough. */
  private final Map<String, Averages> averages = new LinkedHashMap<>();

  /** Of the others. */
  private final Map<String, AdamW.Moments> small = new LinkedHashMap<>();

  private final NDArray signed = manager().create(map(true));
  private final NDArray unsigned = manager().create(map(false));

  /**
   * @param parameters by name, float32; each is made to require a gradient
   */
  public AdamW8bit(Map<String, NDArray> parameters, AdamW.Settings settings) {
    super(parameters);
    this.settings = settings;
    parameters.forEach(
        (name, parameter) -> {
          if (parameter.size() < SMALLEST) {
            small.put(name, AdamW.Moments.zeros(parameter, manager()));
          } else {
            averages.put(name, zeros((parameter.size() + BLOCK - 1) / BLOCK));
          }
        });
  }

  private Averages zeros(long blocks) {
    Shape codes = new Shape(blocks, BLOCK);
    Shape scales = new Shape(blocks, 1);
    return new Averages(
        manager().zeros(codes, DataType.UINT8),
        manager().zeros(scales),
        manager().zeros(codes, DataType.UINT8),
        manager().zeros(scales));
  }

  /**
   * The values that bytes stand for, rising: bitsandbytes' {@code create_dynamic_map}. For each
   * power of ten from 1e-6 to 1 twice as many steps as for the one below.
   *
   * @param signed from -1 to 1, otherwise from 0 to 1
   */
  static float[] map(boolean signed) {
    float[] values = new float[256];
    int count = 0;
    for (int i = 0; i < 7; i++) {
      int steps = signed ? 1 << i : 1 << (i + 1);
      double decade = Math.pow(10, i - 6);
      for (int j = 0; j < steps; j++) {
        float middle = (boundary(j, steps) + boundary(j + 1, steps)) / 2;
        values[count++] = (float) decade * middle;
        if (signed) {
          values[count++] = (float) -decade * middle;
        }
      }
    }
    values[count++] = 0;
    values[count] = 1;
    Arrays.sort(values);
    return values;
  }

  /** A number of {@code torch.linspace(0.1, 1, steps + 1)}, which it counts from the nearer end. */
  private static float boundary(int j, int steps) {
    float width = (1 - 0.1f) / steps;
    return j < (steps + 1) / 2 ? Math.fma(width, j, 0.1f) : Math.fma(-width, steps - j, 1f);
  }

  @Override
  void update(CollectedGradients gradients, double learningRate) {
    NDArray hyper = settings.hyper(gradients, learningRate, steps());
    AdamW.Batch others = new AdamW.Batch();
    gradients.forEach(
        (name, gradient) -> {
          Averages own = averages.get(name);
          if (own == null) {
            others.add(parameter(name), gradient, Objects.requireNonNull(small.get(name)));
          } else {
            TensorOperators.adamW8bit(
                parameter(name),
                gradient,
                own.m(),
                own.largestM(),
                own.v(),
                own.largestV(),
                signed,
                unsigned,
                hyper);
          }
        });
    others.update(hyper);
  }

  @Override
  public Map<String, NDArray> state() {
    Map<String, NDArray> state = AdamW.Moments.state(small);
    averages.forEach(
        (name, own) -> {
          state.put("first." + name, own.m());
          state.put("first_largest." + name, own.largestM());
          state.put("second." + name, own.v());
          state.put("second_largest." + name, own.largestV());
        });
    return state;
  }
}
