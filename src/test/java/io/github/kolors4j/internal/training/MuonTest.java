package io.github.kolors4j.internal.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.TensorOperators;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Muon against the original's program in float64 ({@code src/test/python/muon.py}). */
class MuonTest {
  private static final List<String> NAMES = List.of("wide", "tall", "kernel");
  private static final AdamW.Settings SETTINGS = new AdamW.Settings(0.9, 0.999, 1e-8, 0.01);

  private final NDManager manager = NDManager.newBaseManager();
  private final Golden golden = new Golden("muon", manager);

  @AfterEach
  void close() {
    golden.close();
    manager.close();
  }

  private Map<String, NDArray> parameters() {
    Map<String, NDArray> parameters = new LinkedHashMap<>();
    NAMES.forEach(name -> parameters.put(name, golden.get(name + ".start").duplicate()));
    return parameters;
  }

  private void step(Map<String, NDArray> parameters, Optimizer optimizer) {
    try (Gradients recording = Gradients.enable()) {
      NAMES.forEach(
          name -> {
            NDArray difference = parameters.get(name).sub(golden.get(name + ".target"));
            NDArray squares = difference.mul(difference).mul(golden.get(name + ".scale"));
            Gradients.backward(TensorOperators.scale(squares.sum(), 0.5));
          });
    }
    optimizer.step(0.05, Double.POSITIVE_INFINITY);
  }

  @Test
  void matricesAndKernelsMakeTheStepsOfTheOriginal() {
    Map<String, NDArray> parameters = parameters();
    try (Muon muon = new Muon(parameters, parameters.keySet(), SETTINGS)) {
      for (int made = 1; made <= 3; made++) {
        step(parameters, muon);
        for (String name : NAMES) {
          Golden.assertClose(
              name + " after step " + made,
              parameters.get(name),
              golden.get(name + ".after" + made),
              1e-5);
        }
      }
    }
  }

  @Test
  void whatIsNotHiddenMakesTheStepsOfAdamW() {
    Map<String, NDArray> ours = parameters();
    Map<String, NDArray> theirs = parameters();
    try (Muon muon = new Muon(ours, Set.of("wide"), SETTINGS);
        AdamW adamW = new AdamW(theirs, SETTINGS)) {
      for (int made = 1; made <= 3; made++) {
        step(ours, muon);
        step(theirs, adamW);
      }
    }
    for (String name : List.of("tall", "kernel")) {
      assertThat(ours.get(name).toFloatArray()).as(name).isEqualTo(theirs.get(name).toFloatArray());
    }
    assertThat(ours.get("wide").toFloatArray()).isNotEqualTo(theirs.get("wide").toFloatArray());
  }

  @Test
  void aRestoredOneGoesOnBitForBit() {
    Map<String, NDArray> whole = parameters();
    Map<String, NDArray> part = parameters();
    try (Muon first = new Muon(whole, whole.keySet(), SETTINGS);
        Muon resumed = new Muon(part, part.keySet(), SETTINGS)) {
      step(whole, first);
      Map<String, NDArray> saved = new HashMap<>();
      first.state().forEach((name, array) -> saved.put(name, array.duplicate()));
      whole.forEach((name, array) -> TensorOperators.copy(array, part.get(name)));
      resumed.restore(saved, 1);
      step(whole, first);
      step(part, resumed);
    }
    NAMES.forEach(
        name ->
            assertThat(part.get(name).toFloatArray())
                .as(name)
                .isEqualTo(whole.get(name).toFloatArray()));
  }
}
