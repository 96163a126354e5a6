package io.github.kolors4j.training;

import static io.github.kolors4j.Golden.TINY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.concepts.WeightUpdate;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All of the tiny UNet learns. */
class FullTrainingTest {
  private static final Prompt PROMPT = Prompt.of("二次元").seed(3).size(32, 32).steps(2).cfgScale(2);

  @TempDir Path folder;
  private FullTraining training;

  @BeforeEach
  void prepare() throws IOException {
    Path dataset = Files.createDirectories(folder.resolve("data"));
    LoraTrainingTest.draw(dataset, 4);
    training =
        FullTraining.on(TINY)
            .dataset(dataset)
            .outputPath(folder.resolve("models"))
            .height(32)
            .width(32)
            .learningRate(1e-3)
            .seed(7);
  }

  @Test
  void theLossFallsAndTheCheckpointIsAUNetThatChangedEverywhere() {
    LoraRun run = training.stepsPerEpoch(12).validation(12, 1).train();
    assertThat(run.validationLosses().get(12L)).isLessThan(run.validationLosses().get(0L));
    ModelFolder before = ModelFolder.of(TINY);
    List<WeightUpdate> updates = WeightUpdate.between(before, before.withUnet(run.checkpoint()));
    try (KolorsPipeline pipeline = KolorsPipeline.load(before)) {
      long linear =
          pipeline.unet().adaptableLayers().values().stream()
              .filter(layer -> layer.weightShape().dimension() == 2)
              .count();
      assertThat(updates).hasSize((int) linear);
    }
    assertThat(WeightUpdate.between(before, before)).isEmpty();
  }

  @Test
  void aSampleIsWhatItsCheckpointDraws() {
    List<BufferedImage> samples = new ArrayList<>();
    LoraRun run =
        training
            .stepsPerEpoch(3)
            .samplePicture(3, PROMPT)
            .listener(
                new TrainingListener() {
                  @Override
                  public void sample(long step, BufferedImage picture) {
                    samples.add(picture);
                  }
                })
            .train();
    ModelFolder trained = ModelFolder.of(TINY).withUnet(run.checkpoint());
    try (KolorsPipeline pipeline = KolorsPipeline.load(trained)) {
      BufferedImage drawn = pipeline.generate(PROMPT).image();
      int[] last = LoraTrainingTest.pixels(samples.get(1));
      int[] again = LoraTrainingTest.pixels(drawn);
      for (int i = 0; i < last.length; i++) {
        for (int shift = 0; shift < 24; shift += 8) {
          int difference = (last[i] >> shift & 255) - (again[i] >> shift & 255);
          assertThat(Math.abs(difference)).isLessThanOrEqualTo(2); // float16 in the file
        }
      }
    }
    assertThat(LoraTrainingTest.pixels(samples.get(0)))
        .isNotEqualTo(LoraTrainingTest.pixels(samples.get(1)));
  }

  @Test
  void aStoppedTrainingGoesOnAsIfItHadNotBeen() {
    FullTraining three = training.stepsPerEpoch(3);
    LoraRun whole = three.train();
    LoraRun part = LoraTrainingTest.stoppedAfter(three, 1);
    LoraRun resumed = three.resume(part.folder()).train();
    assertThat(resumed.losses()).isEqualTo(whole.losses());
    assertThat(resumed.checkpoint()).hasSameBinaryContentAs(whole.checkpoint());
  }

  @Test
  void whatItDoesNotDoIsRefused() {
    assertThatThrownBy(() -> training.emaDecay(0.9).train())
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("no moving average");
  }
}
