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
  void mirrorImagesAndTheOrderOfASecondEpochAreAsWell() throws IOException {
    LoraTraining training = course().randomFlip(true).stepsPerEpoch(3).maxEpochs(2);
    assertLosses(training.train().losses(), recorded("flipped"));
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

  @Test
  void aStoppedTrainingGoesOnInTheSameOrder() {
    LoraTraining training = course().randomFlip(true).stepsPerEpoch(3).maxEpochs(2);
    List<Float> whole = training.outputPath(output.resolve("whole")).train().losses();
    int[] asked = {0};
    training.stopWhen(() -> ++asked[0] == 4).train();
    List<Float> resumed = training.resume(true).train().losses();
    assertThat(resumed).isEqualTo(whole);
  }

  @Test
  void randomCropsAreRefused() {
    assertThatThrownBy(() -> course().centerCrop(false).train())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("center_crop");
  }
}
