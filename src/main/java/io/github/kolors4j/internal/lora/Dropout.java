package io.github.kolors4j.internal.lora;

import ai.djl.ndarray.NDArray;
import io.github.kolors4j.internal.tensor.TorchRandom;
import java.util.OptionalLong;

/**
 * Drops numbers at random while a batch is learned from (Srivastava et al. 2014). What is dropped
 * depends on the batch's seed and the place alone, so that a forward pass that is computed twice
 * drops the same, and a training that is resumed does.
 */
public final class Dropout {
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private OptionalLong seed = OptionalLong.empty();

  /** From here on numbers are dropped. */
  public void begin(long batchSeed) {
    seed = OptionalLong.of(batchSeed);
  }

  /** From here on none are. */
  public void end() {
    seed = OptionalLong.empty();
  }

  /**
   * Sets a share of numbers to zero and makes the others larger by as much.
   *
   * @param place tells the layers of all networks apart
   */
  NDArray apply(NDArray x, double share, long place) {
    if (seed.isEmpty()) {
      return x;
    }
    float[] kept = new TorchRandom(seed.getAsLong() + SPREAD * place).rand(x.getShape().getShape());
    for (int i = 0; i < kept.length; i++) {
      kept[i] = kept[i] < share ? 0f : (float) (1 / (1 - share));
    }
    try (NDArray values = x.getManager().create(kept, x.getShape());
        NDArray typed = values.toType(x.getDataType(), false)) {
      // A copy, since the backward pass needs it after Java's buffer under this one has gone.
      return x.mul(typed.duplicate());
    }
  }
}
