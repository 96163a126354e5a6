package io.github.kolors4j.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.kolors4j.pipeline.GeneratedPicture;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveGenerationTest {
  private static final Path MODEL = Path.of("src/test/resources/golden/kolors-tiny");

  @Test
  void thePicturesAreThoseOfThePipelineAlone() {
    Prompt prompt = Prompt.of("蓝色头发").steps(2).size(64, 64);
    List<Prompt> prompts = List.of(prompt.seed(1), prompt.seed(2));
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(MODEL))) {
      List<GeneratedPicture> live = LiveGeneration.run(pipeline, prompts);

      assertThat(live).hasSize(2);
      for (int i = 0; i < 2; i++) {
        assertThat(live.get(i).latents()).isEqualTo(pipeline.generate(prompts.get(i)).latents());
      }
    }
  }

  @Test
  void promptsOfDifferentStepsAreAllDrawn() {
    Prompt prompt = Prompt.of("蓝色头发").size(64, 64).seed(1);
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(MODEL))) {
      List<GeneratedPicture> live =
          LiveGeneration.run(pipeline, List.of(prompt.steps(2), prompt.steps(5), prompt.steps(1)));

      assertThat(live).extracting(picture -> picture.prompt().steps()).containsExactly(2, 5, 1);
    }
  }

  @Test
  void stoppedBeforeTheFirstPictureItGivesNoneInsteadOfFailing() {
    Prompt prompt = Prompt.of("蓝色头发").size(64, 64).seed(1).steps(2);
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(MODEL))) {
      Thread.currentThread().interrupt();

      assertThat(LiveGeneration.run(pipeline, List.of(prompt))).isEmpty();
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
