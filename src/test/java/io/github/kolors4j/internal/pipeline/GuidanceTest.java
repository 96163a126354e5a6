package io.github.kolors4j.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.model.Attention;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import io.github.kolors4j.pipeline.PromptEmbeddings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuidanceTest {
  private final KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(Golden.TINY));
  private final UNet unet = pipeline.unet();
  private final NDManager manager = NDManager.newBaseManager();
  private final Gradients off = Gradients.disable();
  private final NDArray latents = manager.randomNormal(new Shape(1, 4, 4, 8));

  @AfterEach
  void close() {
    off.close();
    manager.close();
    pipeline.close();
  }

  private Prompt prompt(double scale) {
    return pipeline.settle(
        Prompt.of("蓝色头发的男孩").negative("模糊").seed(1).cfgScale(scale).size(64, 32));
  }

  /** What the guidance says of the latents, and what it asked the network for. */
  private float[] predicted(double scale, List<Long> rows) {
    Prompt prompt = prompt(scale);
    try (PromptEmbeddings embeddings = pipeline.encodePrompt(prompt);
        NDManager own = manager.newSubManager()) {
      Guidance guidance = new Guidance(unet, prompt, embeddings, own);
      return guidance
          .predict(
              latents,
              500,
              (x, timesteps, conditioning) -> {
                rows.add(x.getShape().get(0));
                return unet.forward(x, timesteps, conditioning);
              })
          .toFloatArray();
    }
  }

  @Test
  void aSmallNetworkAskedForEachRowAnswersAsInOneBatch() {
    List<Long> apart = Collections.synchronizedList(new ArrayList<>());
    float[] sideBySide = predicted(4, apart);
    assertThat(apart).containsExactly(1L, 1L);
    unet.weights()
        .layers(Attention.class)
        .values()
        .iterator()
        .next()
        .setObserver((query, key, heads, bias) -> {}); // sees all rows of a step at once
    List<Long> together = new ArrayList<>();
    float[] oneBatch = predicted(4, together);
    assertThat(together).containsExactly(2L);
    for (int i = 0; i < oneBatch.length; i++) {
      assertThat(sideBySide[i]).isCloseTo(oneBatch[i], within(2e-5f));
    }
  }

  @Test
  void withoutGuidanceTheNetworkIsAskedOnce() {
    List<Long> rows = new ArrayList<>();
    predicted(1, rows);
    assertThat(rows).containsExactly(1L);
  }

  @Test
  void aHundredStepsOnTwoThreadsGiveTheSameNumbersAndLeaveNoArrays() {
    float[] first = predicted(4, new ArrayList<>());
    int arrays = manager.getManagedArrays().size();
    for (int i = 0; i < 100; i++) {
      assertThat(predicted(4, Collections.synchronizedList(new ArrayList<>()))).isEqualTo(first);
    }
    // The predictions themselves belong to the latents' manager.
    assertThat(manager.getManagedArrays()).hasSize(arrays + 100);
  }
}
