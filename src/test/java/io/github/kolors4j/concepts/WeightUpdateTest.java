package io.github.kolors4j.concepts;

import static io.github.kolors4j.Golden.TINY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.lora.Lora;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightUpdateTest {
  @TempDir Path folder;

  @Test
  void singularValuesOfAKnownMatrix() {
    WeightUpdate update =
        WeightUpdate.of("it", new double[][] {{3, 0, 0}, {0, 0, 0}, {0, 0, -4}, {0, 12, 0}});
    assertThat(update.singularValues()).containsExactly(new double[] {12, 4, 3}, within(1e-12));
    assertThat(update.energy(0)).isZero();
    assertThat(update.energy(1)).isCloseTo(144.0 / 169, within(1e-12));
    assertThat(update.energy(3)).isCloseTo(1, within(1e-12));
  }

  @Test
  void theTruncatedUpdateMissesWhatTheOtherSingularValuesHave() {
    WeightUpdate update = WeightUpdate.of("it", random(6, 5));
    for (int rank = 1; rank <= 5; rank++) {
      double[] values = update.truncated(rank).singularValues();
      double missed = 0;
      for (int i = 0; i < 5; i++) {
        double expected = i < rank ? update.singularValues()[i] : 0;
        assertThat(values[i]).isCloseTo(expected, within(1e-9));
        missed += i < rank ? 0 : Math.pow(update.singularValues()[i], 2);
      }
      double apart = 0;
      double[][] truncated = update.truncated(rank).values();
      for (int i = 0; i < 6; i++) {
        for (int j = 0; j < 5; j++) {
          apart += Math.pow(update.values()[i][j] - truncated[i][j], 2);
        }
      }
      assertThat(apart).isCloseTo(missed, within(1e-9));
    }
  }

  @Test
  void anUpdateSavedAsALoraOfItsFullRankIsTheSame() {
    ModelFolder tiny = ModelFolder.of(TINY);
    List<WeightUpdate> updates;
    try (KolorsPipeline pipeline = KolorsPipeline.load(tiny)) {
      updates =
          pipeline.unet().adaptableLayers().entrySet().stream()
              .filter(layer -> layer.getKey().contains("attn1"))
              .map(layer -> WeightUpdate.of(layer.getKey(), random(layer.getValue().weightShape())))
              .toList();
    }
    assertThat(updates).isNotEmpty();
    var full = WeightUpdate.of(save(updates, 1000), tiny);
    assertThat(full).hasSameSizeAs(updates);
    for (int i = 0; i < updates.size(); i++) {
      assertSame(updates.get(i), full.get(i));
    }
    var two = WeightUpdate.of(save(updates, 2), tiny);
    for (int i = 0; i < updates.size(); i++) {
      assertSame(updates.get(i).truncated(2), two.get(i));
    }
    var half = WeightUpdate.of(save(updates, 2).weight(0.5), tiny);
    assertThat(half.get(0).singularValues()[0])
        .isCloseTo(0.5 * updates.get(0).singularValues()[0], within(1e-4));
  }

  private Lora save(List<WeightUpdate> updates, int rank) {
    return WeightUpdate.saveAsLora(
        updates, rank, ModelFolder.of(TINY), folder.resolve(rank + ".safetensors"));
  }

  private static void assertSame(WeightUpdate one, WeightUpdate other) {
    assertThat(other.layer()).isEqualTo(one.layer());
    for (int row = 0; row < one.values().length; row++) {
      assertThat(other.values()[row]).containsExactly(one.values()[row], within(1e-5));
    }
  }

  private static double[][] random(Shape shape) {
    return random((int) shape.get(0), (int) shape.get(1));
  }

  private static double[][] random(int rows, int columns) {
    Random random = new Random(5);
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      for (int i = 0; i < columns; i++) {
        row[i] = random.nextGaussian();
      }
    }
    return values;
  }
}
