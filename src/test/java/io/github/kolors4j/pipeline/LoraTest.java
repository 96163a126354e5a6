package io.github.kolors4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.lora.ModelLora;
import io.github.kolors4j.internal.lora.UNetNames;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.lora.Lora;
import io.github.kolors4j.lora.LoraException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoraTest {
  private static final Path BOTH = Golden.path("interchange/text-encoder.diffusers.safetensors");
  private static final Path SILENT = Golden.path("lora_files/diffsynth.ckpt");
  private static final Prompt SMALL = Prompt.of("蓝色").seed(1).steps(2).size(16, 16);

  @TempDir Path folder;

  private static KolorsPipeline tiny() {
    return KolorsPipeline.load(ModelFolder.of(Golden.TINY));
  }

  @Test
  void aTextEncodersPartAloneIsMergedAndWrittenIntoThePicture() {
    float[] expected;
    Path merged = folder.resolve("merged");
    Path file = folder.resolve("picture.png");
    try (KolorsPipeline pipeline = tiny()) {
      float[] without = pipeline.generate(SMALL).latents();
      GeneratedPicture picture = pipeline.add(Lora.ofTextEncoder(BOTH)).generate(SMALL);
      expected = picture.latents();
      assertThat(expected).isNotEqualTo(without);
      assertThat(picture.adapters())
          .singleElement()
          .asString()
          .startsWith("text-encoder.diffusers.safetensors (text encoder), alpha ");
      assertThat(GeneratedPicture.parameters(picture.save(file)).adapters())
          .isEqualTo(picture.adapters());
      pipeline.saveMerged(merged);
    }
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(merged));
        NDManager manager = NDManager.newBaseManager()) {
      float[] latents = pipeline.generate(SMALL).latents();
      Golden.assertClose("merged", manager.create(latents), manager.create(expected), 1e-3);
    }
  }

  @Test
  void theTwoPartsOfAFileDoWhatTheWholeDoes() {
    try (KolorsPipeline pipeline = tiny()) {
      float[] whole = pipeline.add(Lora.of(BOTH)).generate(SMALL).latents();
      pipeline.clearLoras().add(Lora.ofUnet(BOTH));
      assertThat(pipeline.generate(SMALL).latents()).isNotEqualTo(whole);
      pipeline.add(Lora.ofTextEncoder(BOTH));
      assertThat(pipeline.generate(SMALL).latents()).isEqualTo(whole);
    }
  }

  @Test
  void matricesInMemoryDoWhatTheirFileDoesAndStayOpen() {
    UNetNames names = new UNetNames(UNetConfig.read(Golden.TINY.resolve("unet")));
    try (KolorsPipeline pipeline = tiny();
        NDManager manager = NDManager.newBaseManager();
        ModelLora matrices = ModelLora.read(SILENT, manager, names)) {
      GeneratedPicture fromFile = pipeline.add(Lora.of(SILENT).alpha(200)).generate(SMALL);
      GeneratedPicture fromMemory =
          pipeline.clearLoras().add(Lora.of(matrices).alpha(200)).generate(SMALL);
      assertThat(fromMemory.latents()).isEqualTo(fromFile.latents());
      assertThat(fromMemory.adapters()).containsExactly("LoRA, alpha 200.0");
      pipeline.clearLoras();
      assertThat(matrices.parts().get(0).rank()).isPositive();
    }
  }

  @Test
  void alphaAndWeightScaleTheEffectAlikeAndAreWritten() {
    try (KolorsPipeline pipeline = tiny()) {
      GeneratedPicture half = pipeline.add(Lora.of(SILENT).alpha(100)).generate(SMALL);
      GeneratedPicture weighted =
          pipeline.clearLoras().add(Lora.of(SILENT).alpha(200).weight(0.5)).generate(SMALL);
      assertThat(weighted.latents()).isEqualTo(half.latents());
      assertThat(weighted.adapters()).containsExactly("diffsynth.ckpt, alpha 200.0, weight 0.5");
    }
  }

  @Test
  void anAlphaOfZeroThatIsAskedForChangesNothing() {
    try (KolorsPipeline pipeline = tiny()) {
      float[] without = pipeline.generate(SMALL).latents();
      pipeline.add(Lora.of(SILENT).alpha(0));
      assertThat(pipeline.generate(SMALL).latents()).isEqualTo(without);
    }
  }

  @Test
  void anAlphaThatNobodyStatesIsAskedFor() {
    try (KolorsPipeline pipeline = tiny()) {
      assertThatThrownBy(() -> pipeline.add(Lora.of(SILENT)))
          .isInstanceOf(LoraException.class)
          .hasMessageContainingAll(SILENT.toString(), "Lora.of(file).alpha(…)");
      assertThat(pipeline.generate(SMALL).adapters()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void settingsThatAreNoNumbersAreRefused(double number) {
    Lora lora = Lora.of(SILENT);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> lora.alpha(number))
        .withMessageContaining("alpha");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> lora.weight(number))
        .withMessageContaining("weight");
  }
}
