package io.github.kolors4j.internal.lora;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.Golden;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How the small networks are built, by the web UI's rules. */
class HyperNetworkStructureTest {

  private static HyperNetworkStructure of(
      List<Double> multiples, String activation, boolean norm, boolean dropout) {
    return new HyperNetworkStructure(
        multiples,
        activation,
        norm,
        HyperNetworkStructure.dropouts(multiples.size(), dropout, true),
        false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "relu",
        "leakyrelu",
        "elu",
        "swish",
        "tanh",
        "sigmoid",
        "gelu",
        "silu",
        "mish",
        "selu",
        "softplus",
        "softsign"
      })
  void activationsAreThoseOfTorch(String name) {
    try (NDManager manager = NDManager.newBaseManager();
        Golden golden = new Golden("adapters", manager)) {
      float[] values = new float[17];
      for (int i = 0; i < values.length; i++) {
        values[i] = -4 + i * 0.5f;
      }
      NDArray activated =
          of(List.of(1.0, 2.0, 1.0), name, false, false).activate(manager.create(values));
      Golden.assertClose(name, activated, golden.get("activation." + name), 1e-5);
    }
  }

  /** Python's int() cuts, and nothing but a layer norm comes after the last layer. */
  @Test
  void weightsAreNamedByTheirPlaceAmongAllLayers() {
    HyperNetworkStructure structure = of(List.of(1.0, 1.5, 2.0, 1.0), "relu", true, true);
    assertThat(HyperNetworkModule.shapes(structure, 5).toString())
        .isEqualTo(
            "{linear.0.weight=(7, 5), linear.0.bias=(7), linear.2.weight=(7), linear.2.bias=(7), "
                + "linear.4.weight=(10, 7), linear.4.bias=(10), linear.6.weight=(10), linear.6.bias=(10), "
                + "linear.8.weight=(5, 10), linear.8.bias=(5), linear.9.weight=(5), linear.9.bias=(5)}");
    assertThat(HyperNetworkModule.shapes(of(List.of(1.0, 2.0, 1.0), "linear", false, false), 5))
        .containsOnlyKeys("linear.0.weight", "linear.0.bias", "linear.1.weight", "linear.1.bias");
  }

  @ParameterizedTest
  @CsvSource({
    "3, true, true, '[0.0, 0.3, 0.0]'",
    "3, true, false, '[0.0, 0.0, 0.0]'",
    "5, true, true, '[0.0, 0.3, 0.3, 0.3, 0.0]'",
    "5, true, false, '[0.0, 0.3, 0.3, 0.0, 0.0]'",
    "5, false, true, '[0.0, 0.0, 0.0, 0.0, 0.0]'"
  })
  void dropoutIsWhereTheOriginalHasIt(int layers, boolean use, boolean last, String expected) {
    assertThat(HyperNetworkStructure.dropouts(layers, use, last)).hasToString(expected);
  }
}
