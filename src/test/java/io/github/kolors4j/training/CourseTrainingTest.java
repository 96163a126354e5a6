package io.github.kolors4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.Golden;
import io.github.kolors4j.pipeline.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The losses of DiffSynth-Studio's own trainer, which the course runs, on the tiny Kolors with the
 * same seed ({@code src/test/python/diffsynth_course.py}).
 */
class CourseTrainingTest {

  @TempDir private Path output;

  private LoraTraining course() {
    return LoraTraining.on(ModelFolder.of(Golden.TINY))
        .dataset(Golden.path("course_dataset"))
        .outputPath(output)
        .loraRank(4)
        .loraAlpha(4)
        .learningRate(1e-3)
        .stepsPerEpoch(5)
        .height(64)
        .width(64)
        .centerCrop(true)
        .seed(7)
        .asInTheCourse();
  }

  private static float[] recorded(String run) throws IOException {
    JsonObject runs =
        JsonParser.parseString(Files.readString(Golden.path("course_losses.json")))
            .getAsJsonObject()
            .getAsJsonObject("runs");
    JsonArray losses = runs.getAsJsonObject(run).getAsJsonArray("losses");
    float[] values = new float[losses.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = losses.get(i).getAsFloat();
    }
    return values;
  }

  private static void assertLosses(List<Float> actual, float... expected) {
    assertThat(actual).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual.get(i)).as("loss of step " + (i + 1)).isCloseTo(expected[i], within(2e-5f));
    }
  }

  @Test
  void theFirstFiveLossesAreTheCoursesTrainers() throws IOException {
    assertLosses(course().train().losses(), recorded("plain"));
  }

  @Test
  void inASizeThatIsNoSquarePicturesAreCutAsThere() throws IOException {
    assertLosses(course().width(96).stepsPerEpoch(3).train().losses(), recorded("wide"));
  }

  @Test
  void accumulatedGradientsAndOtherTargetsAreAsWell() throws IOException {
    float[] batches = recorded("accumulated");
    LoraTraining training =
        course().accumulateGradBatches(2).loraRank(8).loraTargetModules(List.of("to_k", "proj_in"));
    assertLosses(
        training.train().losses(),
        (batches[0] + batches[1]) / 2,
        (batches[2] + batches[3]) / 2,
        batches[4]);
  }

  /** Mirror images, and an order of its own for the second epoch, in which it is stopped. */
  @Test
  void aStoppedTrainingGoesOnInTheSameOrder() throws IOException {
    LoraTraining training = course().randomFlip(true).stepsPerEpoch(3).maxEpochs(2);
    AtomicLong made = new AtomicLong();
    TrainingListener counting =
        new TrainingListener() {
          @Override
          public void step(TrainingProgress progress) {
            made.set(progress.step());
          }
        };
    LoraRun stopped = training.listener(counting).stopWhen(() -> made.get() >= 3).train();
    assertThat(stopped.finished()).isFalse();
    assertLosses(training.resume(true).train().losses(), recorded("flipped"));
  }

  @Test
  void randomCropsAreRefused() {
    assertThatThrownBy(() -> course().centerCrop(false).train())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("center_crop");
  }
}
