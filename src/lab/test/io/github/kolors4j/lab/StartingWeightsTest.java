package io.github.kolors4j.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartingWeightsTest {
  @TempDir Path folder;

  @Test
  void aModelFolderItsPartAndAFileGiveTheSameWeights() {
    Path file = folder.resolve("unet/diffusion_pytorch_model.safetensors");
    try (NDManager manager = NDManager.newBaseManager()) {
      Map<String, NDArray> stored =
          Map.of("a", manager.create(new float[] {1, 2}), "unused", manager.zeros(new Shape(3)));
      SafetensorsWriter.write(file, stored, Map.of(), DataType.FLOAT16);
      for (Path start : new Path[] {folder, folder.resolve("unet"), file}) {
        NDArray parameter = manager.zeros(new Shape(2));
        StartingWeights.copy(start, "unet", Map.of("a", parameter));
        assertThat(parameter.toFloatArray()).as(start.toString()).containsExactly(1, 2);
      }
    }
  }

  @Test
  void ofACheckpointTheAveragesAreTaken() {
    Path file = folder.resolve("unet.safetensors");
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray last = manager.create(new float[] {1, 2});
      NDArray average = manager.create(new float[] {3, 4});
      SafetensorsWriter.write(file, Map.of("parameter.a", last, "average.a", average), Map.of());
      NDArray parameter = manager.zeros(new Shape(2));
      StartingWeights.copy(file, "unet", Map.of("a", parameter));
      assertThat(parameter.toFloatArray()).containsExactly(3, 4);
    }
  }

  @Test
  void whatIsMissingOrOfAnotherShapeIsNamed() {
    Path file = folder.resolve("unet.safetensors");
    try (NDManager manager = NDManager.newBaseManager()) {
      SafetensorsWriter.write(file, Map.of("a", manager.zeros(new Shape(2))), Map.of());
      NDArray parameter = manager.zeros(new Shape(3));
      assertThatThrownBy(() -> StartingWeights.copy(file, "unet", Map.of("a", parameter)))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("\"a\" has shape (2), but this run's unet needs (3)");
      assertThatThrownBy(() -> StartingWeights.copy(file, "unet", Map.of("b", parameter)))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("no tensor \"b\"");
    }
  }
}
