package io.github.kolors4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.kolors4j.Golden;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.hub.Hub;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.weights.LdmUNetNames;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import io.github.kolors4j.internal.weights.ShardedWriter;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.TensorInfo;
import io.github.kolors4j.internal.weights.WeightFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
  void aPartThatIsALinkToNowhereIsNamedAsOne() throws IOException {
    copyTinyWithout("vae");
    Files.createSymbolicLink(folder.resolve("vae"), folder.resolve("nowhere"));
    assertThatThrownBy(() -> KolorsPipeline.load(ModelFolder.of(folder)))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining(folder.resolve("vae") + " is a link that leads nowhere");
  }

  @Test
  void partsOfDifferentModelsAreToldApartBeforeTheyAreLoaded() {
    Path other = Path.of("data/models/kolors-mini/text_encoder");
    assertThatThrownBy(
            () -> KolorsPipeline.load(ModelFolder.of(Golden.TINY).withTextEncoder(other)))
        .isInstanceOf(WeightsException.class)
        .hasMessageContainingAll("has 64798 tokens", other.toString(), "different models");
  }

  @Test
  void aSchedulerThatIsNotHereIsAnErrorOfTheFile() throws IOException {
    copyTinyWithout("none");
    Path config = folder.resolve("scheduler/scheduler_config.json");
    Files.writeString(config, "{\"prediction_type\": \"flow\"}");
    assertThatThrownBy(() -> KolorsPipeline.load(ModelFolder.of(folder)))
        .isInstanceOf(WeightsException.class)
        .hasMessageContainingAll(config.toString(), "'prediction_type' is \"flow\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "unet | 'resnet_time_scale_shift': 'default' | 'resnet_time_scale_shift': 'scale_shift'",
        "unet | 'center_input_sample': false | 'center_input_sample': true",
        "unet | 'class_embed_type': null | 'class_embed_type': 'timestep'",
        "unet | 'norm_num_groups': 8 | 'norm_num_groups': 7",
        "unet | 'norm_num_groups': 8 | 'norm_num_groups': 0",
        "unet | 'layers_per_block': 2 | 'layers_per_block': 2.5",
        "unet | 'layers_per_block': 2 | 'layers_per_block': 2000000000",
        "unet | 'sample_size': 8 | 'sample_size': -8",
        "unet | 'norm_eps': 1e-05 | 'norm_eps': NaN",
        "vae | 'scaling_factor': 0.13025 | 'scaling_factor': 1e999",
        "vae | 'shift_factor': null | 'shift_factor': 0.1",
        "text_encoder | 'num_attention_heads': 4 | 'num_attention_heads': 0",
        "text_encoder | 'num_layers': 3 | 'num_layers': 2147483647",
        "text_encoder | 'multi_query_group_num': 2 | 'multi_query_group_num': 3",
        "text_encoder | 'kv_channels': 8 | 'kv_channels': null",
      })
  void aConfigurationOutOfRangeIsRefusedByItsKey(String part, String right, String wrong)
      throws IOException {
    copyTinyWithout("none");
    Path config = folder.resolve(part).resolve("config.json");
    String text = Files.readString(config);
    assertThat(text).contains(right.replace('\'', '"'));
    Files.writeString(config, text.replace(right.replace('\'', '"'), wrong.replace('\'', '"')));
    assertThatThrownBy(() -> KolorsPipeline.load(ModelFolder.of(folder)))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining(config.toString());
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
    ModelFolder model = ModelFolder.of(new Hub.Models(folders));
    assertThat(model.unet()).isEqualTo(Golden.TINY.resolve("unet"));
    assertThat(model.vae()).isEqualTo(vae);
    assertThatThrownBy(() -> ModelFolder.of(new Hub.Models(Map.of("vae", vae))))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("None of the downloaded models is a Kolors");
  }

  @Test
  void anotherVaeTakesTheModelsConfigurationIfItHasNone() {
    ModelFolder model = ModelFolder.of(Golden.TINY).withVae(Golden.path("vae_ldm.safetensors"));
    assertThat(model.vaeConfigFolder()).isEqualTo(Golden.TINY.resolve("vae"));
    try (KolorsPipeline pipeline = KolorsPipeline.load(model)) {
      Prompt small = Prompt.of("猫").seed(0).steps(1).size(16, 16);
      assertThat(pipeline.generate(small).image().getWidth()).isEqualTo(16);
    }
    assertThatThrownBy(() -> model.withVae(folder.resolve("other.safetensors")))
        .hasMessageContaining("There is no VAE");
  }

  @Test
  void aUNetOfASingleFileAndTheTextEncoderOfChatGlm3BaseServeAsWell() throws IOException {
    Path unet = folder.resolve("unet.safetensors");
    Path encoder = Files.createDirectories(folder.resolve("chatglm3-6b-base"));
    Files.copy(Golden.TINY.resolve("text_encoder/config.json"), encoder.resolve("config.json"));
    Files.copy(
        Golden.TINY.resolve("tokenizer/tokenizer.model"), encoder.resolve("tokenizer.model"));
    try (NDManager manager = NDManager.newBaseManager();
        TensorFile file = LdmUNetNames.toOriginal(WeightFolder.open(Golden.TINY.resolve("unet")));
        TensorFile texts = WeightFolder.open(Golden.TINY.resolve("text_encoder"))) {
      Map<String, NDArray> tensors = new LinkedHashMap<>();
      file.names().forEach(name -> tensors.put(name, file.read(name, manager)));
      SafetensorsWriter.write(unet, tensors);
      // The base model's own layout: a prefix before each name, several files with an index.
      List<TensorInfo> infos =
          texts.names().stream()
              .map(texts::info)
              .map(i -> new TensorInfo("transformer." + i.name(), i.type(), i.shape()))
              .toList();
      ShardedWriter.write(
          encoder,
          "model",
          infos,
          name -> texts.read(name.substring("transformer.".length()), manager),
          100_000);
    }
    assertThat(encoder.resolve("model.safetensors.index.json")).exists();
    ModelFolder plain = ModelFolder.of(Golden.TINY);
    ModelFolder other = plain.withUnet(unet).withTextEncoder(encoder);
    assertThat(other.tokenizer()).isEqualTo(encoder);
    Prompt small = Prompt.of("猫").seed(0).steps(1).size(16, 16);
    try (KolorsPipeline expected = KolorsPipeline.load(plain);
        KolorsPipeline pipeline = KolorsPipeline.load(other)) {
      assertThat(pipeline.generate(small).latents()).isEqualTo(expected.generate(small).latents());
    }
    assertThatThrownBy(() -> plain.withUnet(folder.resolve("none.safetensors")))
        .hasMessageContaining("There is no UNet");
    assertThatThrownBy(() -> plain.withTextEncoder(folder))
        .hasMessageContaining("is no text encoder");
  }

  @Test
  void theSizeThatAModelWasTrainedForIsInItsConfiguration() {
    assertThat(UNetConfig.read(ModelFolder.of(Golden.TINY).unetConfigFolder()).sampleSize())
        .isEqualTo(8);
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
