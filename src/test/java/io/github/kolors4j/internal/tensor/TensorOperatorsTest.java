package io.github.kolors4j.internal.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Gradients of what takes numbers: they must not depend on memory that Java has freed. */
class TensorOperatorsTest {
  private static final float[] X = {-4, -2, -0.5f, 0.5f, 2, 4};

  @Test
  void numbersAreStillThereInTheBackwardPassAfterACollectionOfGarbage() {
    assertThat(gradient(x -> TensorOperators.scale(x, 1.5)))
        .containsExactly(1.5f, 1.5f, 1.5f, 1.5f, 1.5f, 1.5f);
    assertThat(gradient(x -> TensorOperators.clamp(x, -1, 3))).containsExactly(0, 0, 1, 1, 1, 0);
    // 0 below -3, 1 above 3, (2 x + 3) / 6 between
    assertThat(gradient(TensorOperators::hardSwish))
        .containsExactly(new float[] {0, -1 / 6f, 2 / 6f, 4 / 6f, 7 / 6f, 1}, within(1e-6f));
  }

  /** log(1 + eˣ) is as steep as the sigmoid is high. */
  @Test
  void softplusIsAsSteepAsTheSigmoidIsHigh() {
    float[] sigmoid = new float[X.length];
    for (int i = 0; i < X.length; i++) {
      sigmoid[i] = (float) (1 / (1 + Math.exp(-X[i])));
    }
    assertThat(gradient(TensorOperators::softplus)).containsExactly(sigmoid, within(1e-6f));
  }

  @Test
  void wavesStandBesideTheirCoordinates() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray waves = TensorOperators.waves(manager.create(new float[][] {{0.5f}}), 2);

      assertThat(waves.toFloatArray())
          .containsExactly(
              new float[] {
                0.5f,
                (float) Math.sin(0.5),
                (float) Math.cos(0.5),
                (float) Math.sin(1),
                (float) Math.cos(1)
              },
              within(1e-6f));
    }
  }

  private static float[] gradient(UnaryOperator<NDArray> function) {
    try (NDManager manager = NDManager.newBaseManager();
        Gradients recording = Gradients.enable()) {
      NDArray x = manager.create(X);
      x.setRequiresGradient(true);
      NDArray sum = function.apply(x).sum();
      System.gc();
      List<ByteBuffer> taken = overwriteWhatWasFreed();
      Gradients.backward(sum);
      assertThat(taken).isNotEmpty();
      return Gradients.of(x).toFloatArray();
    }
  }

  private static List<ByteBuffer> overwriteWhatWasFreed() {
    List<ByteBuffer> taken = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(4 + 4 * (i % 3));
      while (buffer.hasRemaining()) {
        buffer.put((byte) -1); // NaN
      }
      taken.add(buffer);
    }
    return taken;
  }
}
