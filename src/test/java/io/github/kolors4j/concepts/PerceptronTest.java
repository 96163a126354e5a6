package io.github.kolors4j.concepts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.TensorOperators;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PerceptronTest {
  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

  @AfterEach
  void free() {
    manager.close();
  }

  @ParameterizedTest
  @EnumSource(Perceptron.Activation.class)
  void gradientsAreThoseOfNumericalDifferentiation(Perceptron.Activation activation) {
    try (Perceptron network =
        Perceptron.layers(2, 5, 4, 1).waves(1).time(4).activation(activation).seed(3).build()) {
      NDArray x = Points.gaussian(7, 1).toArray(manager);
      NDArray t = manager.create(new float[] {1, 5, 20, 3, 9, 50, 0.5f});
      network.parameters().values().forEach(p -> p.setRequiresGradient(true));
      try (Gradients recording = Gradients.enable()) {
        Gradients.backward(network.forward(x, t).square().mean());
      }

      for (Map.Entry<String, NDArray> entry : network.parameters().entrySet()) {
        NDArray parameter = entry.getValue();
        float[] gradient = Gradients.of(parameter).toFloatArray();
        float[] values = parameter.toFloatArray();
        for (int i = 0; i < values.length; i++) {
          double numerical =
              (loss(network, parameter, values, i, 0.01f, x, t)
                      - loss(network, parameter, values, i, -0.01f, x, t))
                  / 0.02;
          assertThat((double) gradient[i])
              .as("%s[%d]", entry.getKey(), i)
              .isCloseTo(numerical, within(2e-3));
        }
      }
    }
  }

  /** The loss with one number of a parameter changed a little. */
  private double loss(
      Perceptron network,
      NDArray parameter,
      float[] values,
      int index,
      float change,
      NDArray x,
      NDArray t) {
    float[] changed = values.clone();
    changed[index] += change;
    parameter.setRequiresGradient(false);
    parameter.set(changed);
    double loss = network.forward(x, t).square().mean().getFloat();
    parameter.set(values);
    return loss;
  }

  @Test
  void theSameSeedGivesTheSameNetworkAndAnotherSeedAnother() {
    try (Perceptron one = Perceptron.layers(2, 8, 2).seed(1).build();
        Perceptron same = Perceptron.layers(2, 8, 2).seed(1).build();
        Perceptron other = Perceptron.layers(2, 8, 2).seed(2).build()) {
      NDArray x = Points.gaussian(4, 0).toArray(manager);

      assertThat(one.forward(x)).isEqualTo(same.forward(x));
      assertThat(one.forward(x)).isNotEqualTo(other.forward(x));
    }
  }

  @Test
  void itsParametersAreCountedAsTheLayersHaveThem() {
    try (Perceptron network = Perceptron.layers(2, 64, 64, 2).time(32).build()) {
      assertThat(network.parameterCount()).isEqualTo(34 * 64 + 64 + 64 * 64 + 64 + 64 * 2 + 2);
      assertThat(network).hasToString("perceptron 2→64→64→2, 6530 parameters");
    }
  }

  @Test
  void startingAtZeroItGivesZeros() {
    try (Perceptron network = Perceptron.layers(2, 8, 3).startingAtZero().build()) {
      NDArray output = network.forward(Points.gaussian(4, 0).toArray(manager));

      assertThat(output.getShape().getShape()).containsExactly(4, 3);
      assertThat(output.toFloatArray()).containsOnly(0f);
    }
  }

  @Test
  void whoIsToldATimeHasToBeToldIt() {
    NDArray x = Points.gaussian(4, 0).toArray(manager);
    try (Perceptron timed = Perceptron.layers(2, 4, 2).time(8).build();
        Perceptron timeless = Perceptron.layers(2, 4, 2).build()) {
      assertThatThrownBy(() -> timed.forward(x)).hasMessageContaining("forward(x, t)");
      assertThatThrownBy(() -> timeless.forward(x, 5)).hasMessageContaining("time(32)");
      assertThat(timed.forward(x, 5)).isNotEqualTo(timed.forward(x, 900));
    }
  }

  @Test
  void aFittedPerceptronKnowsItsFunctionAndAnotherRunGivesTheSame() {
    Points data = Points.moons(500, 0);
    double[] first = fitted(data);

    assertThat(first[first.length - 1]).isLessThan(0.02);
    assertThat(fitted(data)).containsExactly(first);
  }

  /** Learns to swap x and y. */
  private static double[] fitted(Points data) {
    try (Perceptron network = Perceptron.layers(2, 16, 2).build()) {
      return Fitting.named("swap")
          .steps(200)
          .batch(64)
          .learningRate(1e-2)
          .minimise(
              step -> {
                NDArray x = step.draw(data);
                return TensorOperators.meanSquaredError(network.forward(x), x.flip(1));
              },
              network)
          .run()
          .values();
    }
  }

  /** The first player's loss reaches the second's network; its gradient there must be forgotten. */
  @Test
  void playersChangeOnlyTheirOwnNetworks() {
    try (Perceptron one = Perceptron.layers(2, 2).seed(1).build();
        Perceptron other = Perceptron.layers(2, 2).seed(2).build()) {
      float[] oneBefore = values(one);
      float[] otherBefore = values(other);

      Losses losses =
          Fitting.named("one against nobody")
              .steps(3)
              .minimise(step -> other.forward(one.forward(step.normal(8, 2))).mean(), one)
              .minimise(
                  step -> TensorOperators.scale(other.forward(step.normal(8, 2)).sum(), 0), other)
              .run();

      assertThat(losses.values(0)).hasSize(3);
      assertThat(losses.values(1)).containsOnly(0);
      assertThat(losses.toString()).startsWith("one against nobody: 3 steps");
      assertThat(values(one)).isNotEqualTo(oneBefore);
      assertThat(values(other)).isEqualTo(otherBefore);
    }
  }

  private static float[] values(Perceptron network) {
    return network.parameters().values().iterator().next().toFloatArray();
  }

  @Test
  void aTrainingThatDivergesSaysSo() {
    try (Perceptron network = Perceptron.layers(2, 2).build()) {
      Fitting fitting =
          Fitting.named("log of a negative number")
              .minimise(
                  step -> network.forward(step.normal(2, 2)).square().neg().log().sum(), network);

      assertThatThrownBy(fitting::run)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("diverged");
    }
  }
}
