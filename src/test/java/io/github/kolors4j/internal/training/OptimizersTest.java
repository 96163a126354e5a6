package io.github.kolors4j.internal.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.tensor.Gradients;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Optimizers, loss scale and average against the Python programs they are named after ({@code
 * src/test/python/training_options.py}), on a quadratic problem.
 */
class OptimizersTest {
  private static final double NO_CLIPPING = Double.POSITIVE_INFINITY;
  private static final AdamW.Settings SETTINGS = AdamW.Settings.TORCH;

  private final NDManager manager = NDManager.newBaseManager();
  private Golden golden;

  @BeforeEach
  void open() {
    golden = new Golden("optimizers", manager);
  }

  @AfterEach
  void close() {
    golden.close();
    manager.close();
  }

  /** The sum of scale · (parameter - target)² / 2. */
  private record Problem(Map<String, NDArray> parameters, Golden golden, String name) {
    void gradients() {
      try (Gradients recording = Gradients.enable()) {
        parameters.forEach(
            (key, parameter) -> {
              NDArray target = golden.get(name + "." + key + ".target");
              NDArray scale = golden.get(name + "." + key + ".scale");
              Gradients.backward(parameter.sub(target).pow(2).mul(scale).sum().mul(0.5));
            });
      }
    }
  }

  private Problem problem(String name) {
    Map<String, NDArray> parameters = new LinkedHashMap<>();
    for (String key : List.of("0", "1")) {
      parameters.put(key, golden.get(name + "." + key + ".start"));
    }
    return new Problem(parameters, golden, name);
  }

  private void check(Problem problem, int step, double tolerance) {
    problem
        .parameters()
        .forEach(
            (key, parameter) -> {
              NDArray expected = golden.get(problem.name() + "." + key + ".after" + step);
              Golden.assertClose(
                  "parameter " + key + ", step " + step, parameter, expected, tolerance);
            });
  }

  @Test
  void prodigyMakesTheStepsOfProdigyopt() {
    Problem problem = problem("prodigy");
    double[] distances = golden.get("prodigy.d").toDoubleArray();
    try (Prodigy optimizer = new Prodigy(problem.parameters(), SETTINGS)) {
      for (int step = 1; step <= 60; step++) {
        problem.gradients();
        optimizer.step(1, NO_CLIPPING);
        assertThat(optimizer.distance() / distances[step - 1]).isCloseTo(1, within(1e-4));
        if (step == 1 || step == 10 || step == 60) {
          check(problem, step, 1e-3);
        }
      }
    }
  }

  @Test
  void eightBitAdamWMakesTheStepsOfBitsandbytes() {
    Problem problem = problem("adamw8bit");
    try (AdamW8bit optimizer = new AdamW8bit(problem.parameters(), SETTINGS)) {
      for (int step = 1; step <= 25; step++) {
        problem.gradients();
        optimizer.step(0.01, NO_CLIPPING);
        if (step == 1 || step == 5 || step == 25) {
          check(problem, step, 1e-3);
        }
      }
      Map<String, NDArray> state = optimizer.state();
      // A number in the middle of two places may fall to the other one.
      assertThat(equal(state.get("first.0"), golden.get("adamw8bit.0.state1")))
          .isGreaterThan(0.999);
      assertThat(equal(state.get("second.0"), golden.get("adamw8bit.0.state2")))
          .isGreaterThan(0.999);
      Golden.assertClose(
          "scales of the squares",
          state.get("second_largest.0").flatten(),
          golden.get("adamw8bit.0.absmax2"),
          1e-3);
      assertThat(state).containsKey("first.1").doesNotContainKey("first_largest.1");
    }
  }

  /** The share of bytes that are the same; the last block's padding is left out. */
  private static double equal(NDArray codes, NDArray expected) {
    byte[] actual = codes.toByteArray();
    byte[] wanted = expected.toByteArray();
    int same = 0;
    for (int i = 0; i < wanted.length; i++) {
      same += actual[i] == wanted[i] ? 1 : 0;
    }
    return (double) same / wanted.length;
  }

  @Test
  void theMapsOfEightBitsAreThoseOfBitsandbytes() {
    assertThat(AdamW8bit.map(true)).isEqualTo(golden.get("map.signed").toFloatArray());
    assertThat(AdamW8bit.map(false)).isEqualTo(golden.get("map.unsigned").toFloatArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"AdamW", "AdamW8bit", "Prodigy", "Muon"})
  void aRestoredOptimizerGoesOnBitForBit(String kind) {
    Function<Map<String, NDArray>, Optimizer> make =
        parameters ->
            switch (kind) {
              case "AdamW8bit" -> new AdamW8bit(parameters, SETTINGS);
              case "Prodigy" -> new Prodigy(parameters, SETTINGS);
              case "Muon" -> Muon.ofNetwork(parameters, SETTINGS);
              default -> new AdamW(parameters, SETTINGS);
            };
    Problem whole = problem("adamw8bit");
    Problem second = problem("adamw8bit");
    try (Optimizer first = make.apply(whole.parameters());
        Optimizer resumed = make.apply(second.parameters())) {
      steps(whole, first, 3);
      Map<String, NDArray> saved = new HashMap<>();
      first.state().forEach((name, array) -> saved.put(name, array.duplicate()));
      whole.parameters().forEach((key, array) -> array.copyTo(second.parameters().get(key)));
      steps(whole, first, 3);
      resumed.restore(saved, 3);
      steps(second, resumed, 3);
      assertThat(resumed.steps()).isEqualTo(6);
      whole
          .parameters()
          .forEach(
              (key, array) ->
                  assertThat(second.parameters().get(key).toFloatArray())
                      .isEqualTo(array.toFloatArray()));
      saved.remove(saved.keySet().iterator().next());
      assertThatThrownBy(() -> resumed.restore(saved, 3)).hasMessageContaining("no fitting");
    }
  }

  private static void steps(Problem problem, Optimizer optimizer, int count) {
    for (int i = 0; i < count; i++) {
      problem.gradients();
      optimizer.step(0.1, 1);
    }
  }

  @Test
  void theScaleOfTheLossChangesAsInTorch() throws IOException {
    JsonObject expected = json().getAsJsonObject("scaler");
    GradientScaler fresh = new GradientScaler();
    assertThat(fresh.scale()).isEqualTo(expected.get("initial").getAsDouble());
    assertThat(GradientScaler.GROWTH_INTERVAL)
        .isEqualTo(expected.get("growth_interval").getAsInt());

    GradientScaler scaler = new GradientScaler(4);
    NDArray parameter = manager.create(new float[] {1, 1, 1});
    Map<String, NDArray> parameters = Map.of("x", parameter);
    SteepestDescent optimizer = new SteepestDescent(parameters);
    for (int step = 0; step < expected.getAsJsonArray("overflows").size(); step++) {
      boolean overflow = expected.getAsJsonArray("overflows").get(step).getAsInt() == 1;
      float factor = (float) scaler.scale() * (step + 1);
      float wrong = step % 2 == 1 ? Float.POSITIVE_INFINITY : Float.NaN;
      try (Gradients recording = Gradients.enable()) {
        NDArray weights = manager.create(new float[] {factor, overflow ? wrong : factor, factor});
        Gradients.backward(parameter.mul(weights).sum());
      }
      double norm = scaler.step(optimizer, 0.1, NO_CLIPPING);
      assertThat(Double.isInfinite(norm)).isEqualTo(overflow);
      assertThat(scaler.scale())
          .as("scale after step " + step)
          .isEqualTo(expected.getAsJsonArray("scales").get(step).getAsDouble());
      assertThat(parameter.toFloatArray()[0])
          .as("parameter after step " + step)
          .isCloseTo(expected.getAsJsonArray("values").get(step).getAsFloat(), within(1e-5f));
    }
  }

  /** What torch's golden steps were made with: {@code torch.optim.SGD}. */
  private static final class SteepestDescent extends Optimizer {
    SteepestDescent(Map<String, NDArray> parameters) {
      super(parameters);
    }

    @Override
    void update(CollectedGradients gradients, double learningRate) {
      gradients.forEach(
          (name, gradient) -> parameter(name).subi(gradient.mul((float) learningRate)));
    }

    @Override
    public Map<String, NDArray> state() {
      return Map.of();
    }
  }

  @Test
  void averagesAreThoseOfDiffusers() throws IOException {
    JsonObject expected = json().getAsJsonObject("average");
    NDArray parameter = manager.zeros(new Shape(1));
    try (MovingAverage average =
        new MovingAverage(Map.of("x", parameter), expected.get("decay").getAsDouble())) {
      for (int step = 1; step <= expected.getAsJsonArray("shadows").size(); step++) {
        parameter.set(new float[] {(float) Math.sin(step)});
        average.update(step);
        assertThat(average.averages().get("x").getFloat(0))
            .as("after step " + step)
            .isCloseTo(
                expected.getAsJsonArray("shadows").get(step - 1).getAsFloat(), within(1e-6f));
      }
    }
  }

  private static JsonObject json() throws IOException {
    return JsonParser.parseString(Files.readString(Golden.path("training_options.json")))
        .getAsJsonObject();
  }
}
