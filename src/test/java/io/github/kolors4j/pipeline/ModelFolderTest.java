package io.github.kolors4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.Golden;
import io.github.kolors4j.hub.DownloadedModels;
import io.github.kolors4j.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFolderTest {
  @TempDir Path folder;

  @Test
  void aFolderThatIsNotThereIsRefusedWithTheLayoutOfOneThatWouldDo() {
    assertThatThrownBy(() -> ModelFolder.of(folder.resolve("Kolors")))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("Kolors")
        .hasMessageContaining("text_encoder, tokenizer, unet, vae");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text_encoder", "tokenizer", "unet", "vae", "scheduler"})
  void aMissingPartIsNamed(String part) throws IOException {
    copyTinyWithout(part);
    assertThatThrownBy(() -> KolorsPipeline.load(ModelFolder.of(folder)))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("has no " + part + "/")
        .hasMessageContaining("Download the missing part");
  }

  @Test
  void theTokenizerMayLieInTheTextEncodersFolder() throws IOException {
    copyTinyWithout("tokenizer");
    Files.copy(
        Golden.TINY.resolve("tokenizer/tokenizer.model"),
        folder.resolve("text_encoder/tokenizer.model"));
    assertThat(ModelFolder.of(folder).tokenizer()).isEqualTo(folder.resolve("text_encoder"));
  }

  @Test
  void downloadedModelsGiveTheKolorsWithTheVaeThatCameAlong() throws IOException {
    Path vae = Files.createDirectories(folder.resolve("sdxl-vae-fp16-fix"));
    Files.createFile(vae.resolve("diffusion_pytorch_model.safetensors"));
    Map<String, Path> folders = Map.of("Kolors", Golden.TINY, "SDXL-vae-fp16-fix", vae);
    ModelFolder model = ModelFolder.of(new DownloadedModels(folders));
    assertThat(model.unet()).isEqualTo(Golden.TINY.resolve("unet"));
    assertThat(model.vae()).isEqualTo(vae);
    assertThatThrownBy(() -> ModelFolder.of(new DownloadedModels(Map.of("vae", vae))))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("None of the downloaded models is a Kolors");
  }

  @Test
  void anotherVaeTakesTheModelsConfigurationIfItHasNone() {
    ModelFolder model = ModelFolder.of(Golden.TINY).withVae(Golden.path("vae_ldm.safetensors"));
    assertThat(model.vaeConfig()).isEqualTo(Golden.TINY.resolve("vae"));
    try (KolorsPipeline pipeline = KolorsPipeline.load(model)) {
      Prompt small = Prompt.of("猫").seed(0).steps(1).size(16, 16);
      assertThat(pipeline.generate(small).image().getWidth()).isEqualTo(16);
    }
    assertThatThrownBy(() -> model.withVae(folder.resolve("other.safetensors")))
        .hasMessageContaining("There is no VAE");
  }

  @Test
  void theSizeThatAModelWasTrainedForIsInItsConfiguration() {
    assertThat(ModelFolder.of(Golden.TINY).sampleSize()).isEqualTo(8);
  }

  @Test
  void theEmbeddedModelIsLookedForInTheNamedHome() throws IOException {
    Path mini = Files.createDirectories(folder.resolve("data/models/kolors-mini"));
    String before = System.getProperty("kolors4j.home");
    System.setProperty("kolors4j.home", folder.toString());
    try {
      assertThat(ModelFolder.embedded().root()).isEqualTo(mini);
    } finally {
      if (before == null) {
        System.clearProperty("kolors4j.home");
      } else {
        System.setProperty("kolors4j.home", before);
      }
    }
  }

  private void copyTinyWithout(String part) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(Golden.TINY)) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    for (Path file : files) {
      Path relative = Golden.TINY.relativize(file);
      if (!relative.startsWith(part)) {
        Files.createDirectories(folder.resolve(relative).getParent());
        Files.copy(file, folder.resolve(relative));
      }
    }
  }
}
