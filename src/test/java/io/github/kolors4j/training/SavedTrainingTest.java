package io.github.kolors4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.internal.weights.SafetensorsFile;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SavedTrainingTest {
  @TempDir Path folder;
  private NDManager manager;
  private Path file;

  @BeforeEach
  void save() {
    manager = NDManager.newBaseManager();
    file = folder.resolve("training_state.safetensors");
    LossHistory history = new LossHistory();
    history.add(new LossHistory.Row(7, 0, 0.5f, Float.NaN, 1e-4));
    Map<String, Object> settings = Map.of("lora_rank", 4);
    Map<String, Double> numbers = Map.of("optimiser.steps", 7.0);
    new SavedTraining(file, 7, settings, false, 8, numbers, new TorchRandom(0), history)
        .write(Map.of("parameter.a", manager.ones(new Shape(3, 4))));
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void whatIsWrittenComesBack() {
    SavedTraining saved = SavedTraining.read(file);
    assertThat(saved.step()).isEqualTo(7);
    assertThat(saved.number("optimiser.steps")).isEqualTo(7);
    saved.requireWithin(7);
    NDArray live = manager.zeros(new Shape(3, 4));
    assertThat(saved.arrays(Map.of("parameter.a", live), manager).get("parameter.a"))
        .isEqualTo(manager.ones(new Shape(3, 4)));
  }

  @Test
  void anOptionThatIsYoungerThanTheRunHadItsUsualValue() {
    SavedTraining saved = SavedTraining.read(file);
    assertThat(saved.differences(Map.of("lora_rank", 4, "lora_alpha_min", 0.0))).isEmpty();
    assertThat(saved.differences(Map.of("lora_rank", 4, "lora_alpha_min", 2.0)))
        .containsExactly("lora_alpha_min");
    assertThat(saved.differences(Map.of("lora_rank", 8))).containsExactly("lora_rank");
  }

  @Test
  void aRunThatWentFurtherThanItIsToGoIsRefusedAndDoesNotTrainForEver() {
    assertThatThrownBy(() -> SavedTraining.read(file).requireWithin(6))
        .isInstanceOf(TrainingException.class)
        .hasMessageContainingAll(file.toString(), "step 7 of 6", "begin a new run");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "step | -1",
        "step | 9223372036854775808",
        "step | ",
        "pictures | 0",
        "pictures | many",
        "numbers | {\"optimiser.steps\": NaN}",
        "numbers | {\"optimiser.steps\": -3}",
        "numbers | {\"optimiser.steps\": null}",
        "numbers | 7",
        "hyperparameters | {}",
        "hyperparameters | [1]",
        "random | AAAA",
        "random | §",
        "history | step~1,2",
        "history | step~1,2,x,y,z",
      })
  void aDamagedStateIsRefusedWithItsName(String key, String value) {
    Map<String, NDArray> arrays = new HashMap<>();
    Map<String, String> metadata;
    try (SafetensorsFile saved = SafetensorsFile.open(file)) {
      metadata = new HashMap<>(saved.metadata());
      saved.names().forEach(name -> arrays.put(name, saved.read(name, manager)));
    }
    if (value == null) {
      metadata.remove(key);
    } else {
      metadata.put(key, value.replace('~', '\n'));
    }
    SafetensorsWriter.write(file, arrays, metadata);
    assertThatThrownBy(() -> SavedTraining.read(file))
        .isInstanceOf(TrainingException.class)
        .hasMessageContainingAll(file.toString(), "is damaged");
  }

  @Test
  void arraysOfAnotherShapeOrTypeAreRefusedByName() {
    SavedTraining saved = SavedTraining.read(file);
    for (NDArray live :
        new NDArray[] {
          manager.zeros(new Shape(4, 3)), manager.zeros(new Shape(3, 4), DataType.FLOAT64)
        }) {
      assertThatThrownBy(() -> saved.arrays(Map.of("parameter.a", live), manager))
          .isInstanceOf(TrainingException.class)
          .hasMessageContainingAll(file.toString(), "parameter.a");
    }
  }
}
