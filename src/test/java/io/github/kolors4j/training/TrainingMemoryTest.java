package io.github.kolors4j.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training runs for hours: memory must not grow with the steps. */
class TrainingMemoryTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noArrayOutlivesItsStep(boolean checkpointing) throws IOException {
    Measurement measured = measure(6, 2, checkpointing);
    assertThat(measured.arraysAtTheEnd).isPositive().isEqualTo(measured.arraysFirst);
  }

  @Tag("slow")
  @Test
  void nothingOutlivesTheTraining() throws IOException {
    measure(1, 1, false);
    long before = arrays();
    measure(2, 1, false);
    assertThat(arrays()).isEqualTo(before);
  }

  @Test
  void networksThatOnlyEncodeLeaveTheMemoryBeforeTheFirstStep() throws IOException {
    Path dataset = folder.resolve("data");
    LoraTrainingTest.draw(dataset, 2);
    Shape vocabulary = new Shape(65024, 32); // the text encoder's embeddings
    Shape autoencoder = new Shape(16, 3, 3, 3); // the autoencoder's first convolution
    Map<String, Set<Shape>> seen = new HashMap<>();
    LoraTrainingTest.training(dataset, folder.resolve("models"))
        .stepsPerEpoch(1)
        .listener(
            new TrainingListener() {
              @Override
              public void preparing(String what, int done, int of) {
                seen.put(what, shapes());
              }

              @Override
              public void step(TrainingProgress progress) {
                seen.put("step", shapes());
              }
            })
        .train();
    assertThat(seen.get("pictures")).contains(autoencoder).doesNotContain(vocabulary);
    assertThat(seen.get("captions")).contains(vocabulary).doesNotContain(autoencoder);
    assertThat(seen.get("step")).doesNotContain(vocabulary, autoencoder);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTextEncoderThatLearnsLeavesNothingBehindEither(boolean checkpointing) throws IOException {
    Path dataset = folder.resolve("data");
    LoraTrainingTest.draw(dataset, 4);
    Measurement measured = new Measurement(2);
    LoraTrainingTest.training(dataset, folder.resolve("models"))
        .stepsPerEpoch(4)
        .validation(1, 1)
        .trainTextEncoder(true)
        .useDora(true)
        .emaDecay(0.9)
        .noiseOffset(0.1)
        .optimizer("Prodigy")
        .useGradientCheckpointing(checkpointing)
        .listener(measured)
        .train();
    assertThat(measured.arraysAtTheEnd).isPositive().isEqualTo(measured.arraysFirst);
  }

  @Test
  @Tag("slow")
  @EnabledOnOs(value = OS.LINUX, disabledReason = "resident memory is read from /proc")
  void fiveHundredStepsLeaveTheMemoryAsTenDo() throws IOException {
    measure(100, 10, false); // the JVM compiles its hot code and touches its heap once
    Measurement measured = measure(500, 10, false);
    assertThat(measured.arraysAtTheEnd).isEqualTo(measured.arraysFirst);
    assertThat((double) measured.residentAtTheEnd / measured.residentFirst).isLessThan(1.05);
  }

  private Measurement measure(long steps, long first, boolean checkpointing) throws IOException {
    Path dataset = folder.resolve("data");
    LoraTrainingTest.draw(dataset, 4);
    Measurement measurement = new Measurement(first);
    LoraTrainingTest.training(dataset, folder.resolve("models"))
        .stepsPerEpoch(steps)
        .checkpointEvery(1 + steps / 4)
        .validation(1 + steps / 4, 1)
        .useGradientCheckpointing(checkpointing)
        .listener(measurement)
        .train();
    return measurement;
  }

  private static final class Measurement implements TrainingListener {
    private final long first;
    private long arraysFirst;
    private long arraysAtTheEnd;
    private long residentFirst;
    private long residentAtTheEnd;

    Measurement(long first) {
      this.first = first;
    }

    @Override
    public void notice(String message) {}

    @Override
    public void step(TrainingProgress progress) {
      if (progress.step() == first) {
        arraysFirst = arrays();
        residentFirst = residentKilobytes();
      } else if (progress.step() == progress.of()) {
        arraysAtTheEnd = arrays();
        residentAtTheEnd = residentKilobytes();
      }
    }
  }

  /** The native arrays of the whole process. */
  private static long arrays() {
    try (NDManager manager = NDManager.newBaseManager()) {
      return manager.getParentManager().getManagedArrays().size();
    }
  }

  private static Set<Shape> shapes() {
    try (NDManager manager = NDManager.newBaseManager()) {
      return manager.getParentManager().getManagedArrays().stream()
          .map(NDArray::getShape)
          .collect(Collectors.toSet());
    }
  }

  /**
   * After a collection, so that the Java heap's ups and downs do not count; the collector gives the
   * memory back some time later.
   */
  private static long residentKilobytes() {
    System.gc();
    try {
      Thread.sleep(1500);
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
