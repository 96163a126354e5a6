package io.github.kolors4j.internal.concepts;

import static io.github.kolors4j.Golden.TINY;
import static io.github.kolors4j.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.tensor.TensorOperators;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The probabilities of text attention against diffusers' and against their formula. */
class AttentionRecorderTest {
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void free() {
    manager.close();
  }

  @Test
  void theBlocksAttendToTheTextAsInTheOriginal() {
    try (UNet unet = UNet.load(TINY.resolve("unet"), manager);
        Golden golden = new Golden("unet", manager);
        Golden expected = new Golden("attention_maps", manager);
        AttentionRecorder recorder = AttentionRecorder.on(unet)) {
      UNet.Conditioning conditioning =
          new UNet.Conditioning(
              golden.get("odd.encoder_hidden_states"),
              golden.get("odd.text_embeds"),
              golden.get("odd.time_ids"));
      NDArray output =
          unet.forward(golden.get("odd.sample"), golden.get("odd.timestep"), conditioning);
      assertClose("output", output, golden.get("odd.output"), 1e-5);
      Map<String, BlockMap> maps = recorder.take(256);
      assertThat(maps.keySet()).isEqualTo(expected.names());
      maps.forEach(
          (block, map) ->
              assertClose(
                  block,
                  manager.create(map.values(), new Shape(map.places(), 256)),
                  expected.get(block),
                  1e-5));
      assertThat(recorder.take(256)).as("taken once").isEmpty();
    }
  }

  @Test
  void paddingGivenOnceWithItsCountGetsTheShareOfAllOfIt() {
    try (UNet unet = UNet.load(TINY.resolve("unet"), manager);
        Golden golden = new Golden("unet", manager);
        AttentionRecorder recorder = AttentionRecorder.on(unet)) {
      NDArray random = golden.get("odd.encoder_hidden_states");
      NDArray padded = random.get(":, :1").repeat(1, 200).concat(random.get(":, 200:"), 1);
      UNet.Conditioning whole =
          new UNet.Conditioning(padded, golden.get("odd.text_embeds"), golden.get("odd.time_ids"));
      NDArray sample = golden.get("odd.sample");
      NDArray timestep = golden.get("odd.timestep");
      unet.forward(sample, timestep, whole);
      Map<String, BlockMap> expected = recorder.take(57);
      unet.forward(sample, timestep, whole.withoutPadding(200));
      Map<String, BlockMap> once = recorder.take(57);
      expected.forEach(
          (block, map) -> {
            assertThat(map.tokens()).isEqualTo(57);
            assertThat(once.get(block).values()).containsExactly(map.values(), within(1e-5f));
          });
    }
  }

  @Test
  void probabilitiesAreTheSoftmaxOfScaledProductsAndBias() {
    int heads = 2;
    int size = 3;
    float[] query = numbers(4 * heads * size, 1);
    float[] key = numbers(5 * heads * size, 2);
    float[] bias = {0, (float) Math.log(7), -1, 0.5f, 0};
    NDArray actual =
        TensorOperators.attentionProbabilities(
            manager.create(query, new Shape(1, 4, heads * size)),
            manager.create(key, new Shape(1, 5, heads * size)),
            heads,
            manager.create(bias, new Shape(1, 5)));
    assertThat(actual.getShape()).isEqualTo(new Shape(1, heads, 4, 5));
    float[] values = actual.toFloatArray();
    for (int head = 0; head < heads; head++) {
      for (int q = 0; q < 4; q++) {
        double[] terms = new double[5];
        double sum = 0;
        for (int k = 0; k < 5; k++) {
          double product = 0;
          for (int c = 0; c < size; c++) {
            product += query[(q * heads + head) * size + c] * key[(k * heads + head) * size + c];
          }
          terms[k] = Math.exp(product / Math.sqrt(size) + bias[k]);
          sum += terms[k];
        }
        for (int k = 0; k < 5; k++) {
          assertThat((double) values[(head * 4 + q) * 5 + k])
              .isCloseTo(terms[k] / sum, within(1e-6));
        }
      }
    }
  }

  private static float[] numbers(int count, int seed) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) Math.sin(seed * 12.9898 + i * 78.233) * 2;
    }
    return numbers;
  }
}
