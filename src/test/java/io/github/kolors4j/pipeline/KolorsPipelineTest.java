package io.github.kolors4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.Golden;
import io.github.kolors4j.StoppedException;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.pipeline.LatentsFile;
import io.github.kolors4j.lora.Lora;
import io.github.kolors4j.lora.LoraException;
import io.github.kolors4j.scheduler.SchedulerType;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pipeline does around the numbers, which KolorsPipelineGoldenTest holds. */
class KolorsPipelineTest {
  private static final Prompt SMALL =
      Prompt.of("蓝色头发的男孩").negative("模糊").seed(1).steps(3).size(32, 16);

  private static KolorsPipeline pipeline;

  @BeforeAll
  static void load() {
    pipeline = KolorsPipeline.load(ModelFolder.of(Golden.TINY));
  }

  @AfterAll
  static void free() {
    pipeline.close();
  }

  @Test
  void theOneCallIsMadeOfItsThreeSteps() {
    GeneratedPicture picture = pipeline.generate(SMALL);
    try (PromptEmbeddings embeddings = pipeline.encodePrompt(SMALL);
        NDArray latents = pipeline.denoise(SMALL, embeddings);
        NDArray decoded = pipeline.decode(latents)) {
      assertThat(embeddings.tokens().getShape()).isEqualTo(new Shape(2, 256, 32));
      assertThat(embeddings.pooled().getShape()).isEqualTo(new Shape(2, 32));
      assertThat(latents.getShape()).isEqualTo(new Shape(1, 4, 2, 4));
      assertThat(latents.toFloatArray()).isEqualTo(picture.latents());
      assertThat(decoded.getShape()).isEqualTo(new Shape(1, 3, 16, 32));
      assertThat(pixels(KolorsPipeline.toPicture(decoded))).isEqualTo(pixels(picture.image()));
    }
  }

  @Test
  void aSeedRepeatsItsPictureAndAnotherSeedDrawsAnother() {
    int[] first = pixels(pipeline.generate(SMALL).image());
    assertThat(pixels(pipeline.generate(SMALL).image())).isEqualTo(first);
    assertThat(pixels(pipeline.generate(SMALL.seed(2)).image())).isNotEqualTo(first);
  }

  @Test
  void whatIsLeftOpenIsSettledAndReported() {
    GeneratedPicture picture = pipeline.generate(Prompt.of("猫").steps(1));
    assertThat(picture.image().getWidth()).isEqualTo(64);
    assertThat(picture.image().getHeight()).isEqualTo(64);
    assertThat(picture.prompt().scheduler()).isEqualTo("EulerDiscreteScheduler");
    int[] again = pixels(pipeline.generate(picture.prompt()).image());
    assertThat(again).as("drawn from the reported seed").isEqualTo(pixels(picture.image()));
  }

  @Test
  void noNegativeIsAnEmptyOne() {
    int[] none = pixels(pipeline.generate(SMALL.negative(null)).image());
    assertThat(none).isEqualTo(pixels(pipeline.generate(SMALL.negative("")).image()));
    assertThat(none).isNotEqualTo(pixels(pipeline.generate(SMALL).image()));
  }

  @Test
  void withoutGuidanceOneRowIsComputedAndTheNegativeHasNoEffect() {
    Prompt unguided = SMALL.cfgScale(1);
    try (PromptEmbeddings embeddings = pipeline.encodePrompt(unguided)) {
      assertThat(embeddings.tokens().getShape().get(0)).isEqualTo(1);
      assertThatThrownBy(() -> pipeline.denoise(SMALL, embeddings))
          .hasMessageContaining("encode the prompt again");
    }
    assertThat(pixels(pipeline.generate(unguided).image()))
        .isEqualTo(pixels(pipeline.generate(unguided.negative("丑陋")).image()));
  }

  @ParameterizedTest
  @EnumSource(SchedulerType.class)
  void everySamplerRepeatsItsPictures(SchedulerType type) {
    Prompt prompt = SMALL.scheduler(type.className());
    int[] first = pixels(pipeline.generate(prompt).image());
    assertThat(pixels(pipeline.generate(prompt).image())).isEqualTo(first);
  }

  @Test
  void aPromptAbove256TokensIsCutWithAWarningThatShowsWhatWasDropped() {
    GeneratedPicture picture = pipeline.generate(SMALL.text("男孩，".repeat(200) + "戴着红色帽子"));
    assertThat(picture.warnings()).hasSize(1);
    assertThat(picture.warnings().get(0))
        .startsWith("The prompt is longer than 256 tokens")
        .endsWith("戴着红色帽子");
    assertThat(pipeline.generate(SMALL).warnings()).isEmpty();
  }

  @Test
  void aListenerSeesEachStep() {
    List<Integer> steps = new ArrayList<>();
    List<Duration> left = new ArrayList<>();
    pipeline.generate(
        SMALL,
        step -> {
          assertThat(step.of()).isEqualTo(3);
          assertThat(step.latents().getShape()).isEqualTo(new Shape(1, 4, 2, 4));
          steps.add(step.step());
          left.add(step.timeLeft());
          return true;
        });
    assertThat(steps).containsExactly(1, 2, 3);
    assertThat(left.get(0)).isPositive();
    assertThat(left.get(2)).isZero();
  }

  @Test
  void aListenerStopsTheRunAndLeavesNoArraysBehind() {
    int arrays = pipeline.nativeArrays();
    assertThatThrownBy(() -> pipeline.generate(SMALL, step -> step.step() < 2))
        .isInstanceOf(StoppedException.class)
        .hasMessageContaining("after 2 of 3 steps");
    assertThat(pipeline.nativeArrays()).isEqualTo(arrays);
  }

  @Test
  void anInterruptStopsTheRunWithinAStep() {
    try {
      assertThatThrownBy(
              () ->
                  pipeline.generate(
                      SMALL,
                      step -> {
                        Thread.currentThread().interrupt();
                        return true;
                      }))
          .isInstanceOf(StoppedException.class)
          .hasMessageContaining("after 1 of 3 steps");
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }
  }

  @Test
  void picturesThatWereFinishedBeforeAStopAreReturned() {
    int[] calls = {0};
    List<GeneratedPicture> pictures =
        pipeline.generate(List.of(SMALL, SMALL.seed(2), SMALL.seed(3)), step -> ++calls[0] < 5);
    assertThat(pictures).hasSize(1);
    assertThat(pictures.get(0).seed()).isEqualTo(1);
  }

  @Test
  void aMistakeInTheLastPromptShowsBeforeTheFirstIsDrawn() {
    int[] calls = {0};
    Prompt tooManySteps = SMALL.steps(5000);
    assertThatThrownBy(
            () ->
                pipeline.generate(
                    List.of(SMALL, tooManySteps),
                    step -> {
                      calls[0]++;
                      return true;
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("5000");
    assertThat(calls[0]).isZero();
  }

  @Test
  void aPictureToStartFromIsResizedToTheSizeThatIsAskedFor() {
    BufferedImage start = new BufferedImage(50, 35, BufferedImage.TYPE_INT_RGB);
    Prompt from = Prompt.of("猫").seed(0).steps(4).startFrom(start, 0.5);
    GeneratedPicture own = pipeline.generate(from);
    assertThat(own.image().getWidth()).isEqualTo(48);
    assertThat(own.image().getHeight()).isEqualTo(32);
    assertThat(pipeline.generate(from.size(16, 24)).image().getHeight()).isEqualTo(24);
    BufferedImage tiny = new BufferedImage(5, 35, BufferedImage.TYPE_INT_RGB);
    assertThatThrownBy(() -> pipeline.generate(Prompt.of("猫").startFrom(tiny, 0.5)))
        .hasMessageContaining("5×35");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "diffusers.safetensors",
        "kohya.safetensors",
        "kohya_sdxl.safetensors",
        "peft_names.ckpt",
        "diffsynth.ckpt"
      })
  void aLoraOfAnyFormatChangesThePictureAndComesOffAgain(String file) {
    int arrays = pipeline.nativeArrays();
    int[] plain = pixels(pipeline.generate(SMALL).image());
    Path lora = Golden.path("lora_files").resolve(file);
    GeneratedPicture changed = pipeline.add(Lora.of(lora).alpha(200)).generate(SMALL);
    assertThat(pixels(changed.image())).isNotEqualTo(plain);
    assertThat(changed.adapters()).containsExactly(file + ", alpha 200.0");
    GeneratedPicture restored = pipeline.clearLoras().generate(SMALL);
    assertThat(pixels(restored.image())).isEqualTo(plain);
    assertThat(restored.adapters()).isEmpty();
    assertThat(pipeline.nativeArrays()).isEqualTo(arrays);
  }

  @Test
  void aFileThatIsNoLoraOfThisModelIsRefusedAndChangesNothing() {
    int arrays = pipeline.nativeArrays();
    assertThatThrownBy(() -> pipeline.add(Lora.of(Golden.path("vae_ldm.safetensors")).alpha(1)))
        .isInstanceOf(LoraException.class);
    assertThatThrownBy(() -> pipeline.add(Lora.of(Golden.path("lora_files/diffsynth.ckpt"))))
        .isInstanceOf(LoraException.class)
        .hasMessageContaining("alpha");
    assertThat(pipeline.nativeArrays()).isEqualTo(arrays);
    assertThat(pipeline.generate(SMALL).adapters()).isEmpty();
  }

  @Test
  void aClosedPipelineSaysSo() {
    KolorsPipeline closed = KolorsPipeline.load(ModelFolder.of(Golden.TINY));
    closed.close();
    assertThatThrownBy(() -> closed.generate(SMALL)).hasMessageContaining("load it again");
  }

  private static int[] pixels(BufferedImage picture) {
    return picture.getRGB(
        0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
  }

  @Test
  void aPictureStartsFromGivenNoiseAsFromTheSeedsOwn(@TempDir Path folder) {
    Prompt prompt = pipeline.settle(Prompt.of("蓝色").seed(3).steps(2).size(16, 24));
    GeneratedPicture picture = pipeline.generate(prompt);
    Shape shape = pipeline.latentShape(prompt);
    Path file = folder.resolve("latents.safetensors");
    LatentsFile.write(file, pipeline.noise(prompt), picture.latents(), shape);

    float[] noise = LatentsFile.readNoise(file, shape);
    GeneratedPicture again = pipeline.generate(prompt.seed(99).noise(noise));
    assertThat(again.latents()).isEqualTo(picture.latents());
    assertThatThrownBy(() -> LatentsFile.readNoise(file, new Shape(1, 4, 2, 2)))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("has shape (1, 4, 3, 2), but the picture takes (1, 4, 2, 2)");
    assertThatThrownBy(() -> pipeline.generate(prompt.noise(new float[3])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("The noise has 3 numbers");
  }
}
