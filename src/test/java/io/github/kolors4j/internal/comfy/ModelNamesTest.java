package io.github.kolors4j.internal.comfy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.kolors4j.Golden;
import io.github.kolors4j.comfy.WorkflowException;
import io.github.kolors4j.internal.pipeline.ModelConfig;
import io.github.kolors4j.pipeline.ModelFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelNamesTest {
  @TempDir private Path base;
  private ComfyFolders folders;
  private ModelNames names;

  @BeforeEach
  void open() {
    folders = new ComfyFolders(base);
    names = new ModelNames(folders);
  }

  private void file(String name) throws IOException {
    Path file = base.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{}");
  }

  /** As the wrapper downloads it: without tokenizer and VAE of its own. */
  private void kolors(String folder) throws IOException {
    file("models/diffusers/" + folder + "/unet/config.json");
    file("models/diffusers/" + folder + "/scheduler/scheduler_config.json");
    file("models/diffusers/" + folder + "/text_encoder/config.json");
  }

  @Test
  void aModelThatIsNotHereIsKolorsMiniAndThatIsSaid() {
    ModelNames.Found found = names.kolors("Kwai-Kolors/Kolors");
    assertThat(found.standIn()).isTrue();
    assertThat(found.folder().root()).isEqualTo(ModelFolder.embedded().root());
    assertThat(found.word()).contains("models/diffusers/Kolors", "kolors-mini");
    assertThat(names.vae("sdxl.vae.safetensors").standIn()).isTrue();
    assertThat(names.textEncoder("chatglm3-6b-base").standIn()).isTrue();
  }

  @Test
  void kolorsMiniByItsNameIsNoStandIn() {
    assertThat(names.kolors("kolors-mini").standIn()).isFalse();
    assertThat(names.vae("kolors-mini").word()).isEmpty();
  }

  @Test
  void comfyUisLayoutIsFoundWithTheVaeBesideIt() throws IOException {
    kolors("Kolors");
    file("models/vae/sdxl.vae.safetensors");
    ModelNames.Found found = names.kolors("Kwai-Kolors/Kolors");
    assertThat(found.standIn()).isFalse();
    assertThat(found.folder().root()).isEqualTo(base.resolve("models/diffusers/Kolors"));
    Path vae = base.resolve("models/vae/sdxl.vae.safetensors");
    assertThat(found.folder().vae()).isEqualTo(vae);
    assertThat(names.vae("sdxl.vae.safetensors").folder().vae()).isEqualTo(vae);
    assertThat(names.vae("other.safetensors").word()).contains("other.safetensors");
    file("models/LLM/chatglm3/config.json");
    assertThat(names.textEncoder("chatglm3").folder().textEncoder())
        .isEqualTo(base.resolve("models/LLM/chatglm3"));
    assertThat(ModelNames.textEncoderChoices(folders)).contains("chatglm3", "kolors-mini");
  }

  @Test
  void otherModelsAreOfferedAndFoundByTheirFolder() throws IOException {
    kolors("mine/anime");
    assertThat(ModelNames.kolorsChoices(folders))
        .containsExactly("Kwai-Kolors/Kolors", "mine/anime", "kolors-mini");
    assertThat(names.kolors("mine/anime").folder().root())
        .isEqualTo(base.resolve("models/diffusers/mine/anime"));
  }

  @Test
  void aLoraIsFoundByItsNameOrByTheEndOfAPathFromElsewhere() throws IOException {
    file("models/loras/anime.safetensors");
    file("lightning_logs/version_0/checkpoints/epoch=0-step=500.ckpt");
    assertThat(names.lora("anime.safetensors"))
        .isEqualTo(base.resolve("models/loras/anime.safetensors"));
    Path trained = base.resolve("lightning_logs/version_0/checkpoints/epoch=0-step=500.ckpt");
    assertThat(names.lora(trained.toString())).isEqualTo(trained);
    assertThat(
            names.lora(
                "/mnt/workspace/kolors/models/lightning_logs/version_0/checkpoints/epoch=0-step=500.ckpt"))
        .isEqualTo(trained);
    assertThatThrownBy(() -> names.lora("/mnt/none.ckpt"))
        .isInstanceOf(WorkflowException.class)
        .hasMessageContaining("anime.safetensors");
  }

  @Test
  void noNameLeadsOutOfItsFolder() {
    for (String name :
        new String[] {"../../etc/passwd", "a/../../../x", "..", "\0", "C:\\x", "..\\..\\x"}) {
      assertThatThrownBy(() -> names.kolors(name)).as(name).isInstanceOf(WorkflowException.class);
      assertThatThrownBy(() -> names.vae(name)).as(name).isInstanceOf(WorkflowException.class);
      assertThatThrownBy(() -> names.lora(name)).as(name).isInstanceOf(WorkflowException.class);
    }
  }

  @Test
  void aLinkOutOfTheFolderIsNotFollowed(@TempDir Path outside) throws IOException {
    Files.writeString(outside.resolve("secret.ckpt"), "x");
    Files.createDirectories(base.resolve("models/loras"));
    Files.createSymbolicLink(base.resolve("models/loras/link"), outside);
    assertThatThrownBy(() -> names.lora("link/secret.ckpt")).isInstanceOf(WorkflowException.class);
  }

  /** The published file comes alone; it is SDXL's autoencoder. */
  @Test
  void aVaeWithoutAConfigurationIsSdxls() throws IOException {
    Path model = base.resolve("models/diffusers/Kolors");
    for (String part : new String[] {"unet", "text_encoder"}) {
      Files.createDirectories(model.resolve(part));
      Files.copy(
          Golden.TINY.resolve(part).resolve("config.json"),
          model.resolve(part).resolve("config.json"));
    }
    file("models/diffusers/Kolors/scheduler/scheduler_config.json");
    file("models/vae/sdxl.vae.safetensors");
    ModelConfig config = ModelConfig.read(names.kolors("Kwai-Kolors/Kolors").folder());
    assertThat(config.vae().latentChannels()).isEqualTo(4);
    assertThat(config.vae().downscale()).isEqualTo(8);
    assertThat(config.vae().scalingFactor()).isEqualTo(0.13025);
  }
}
