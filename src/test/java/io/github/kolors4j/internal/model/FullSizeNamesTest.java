package io.github.kolors4j.internal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.weights.LdmUNetNames;
import io.github.kolors4j.internal.weights.LdmVaeNames;
import io.github.kolors4j.internal.weights.ShapesOnly;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.WeightSource;
import io.github.kolors4j.internal.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The published networks at full size: every name is used, none is missing, every shape is right.
 * Building a network checks all three; the tensors have shapes and no memory.
 */
class FullSizeNamesTest {
  private static final Path NAMES = Path.of("src/test/resources/names");

  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager();

  @BeforeEach
  void putConfigurationsWhereFoldersHaveThem() throws IOException {
    for (String part : new String[] {"unet", "vae", "text_encoder"}) {
      Path config = Files.createDirectories(folder.resolve(part)).resolve("config.json");
      Files.copy(NAMES.resolve(part + "_config.json"), config);
    }
  }

  @AfterEach
  void free() {
    manager.close();
  }

  private Weights weights(WeightSource source) {
    return new Weights(source, manager.newSubManager());
  }

  private UNet unet(WeightSource source) {
    return new UNet(UNetConfig.read(folder.resolve("unet")), weights(source));
  }

  private Autoencoder vae(WeightSource source) {
    return new Autoencoder(AutoencoderConfig.read(folder.resolve("vae")), weights(source));
  }

  private ChatGlm textEncoder(WeightSource source) {
    return new ChatGlm(ChatGlmConfig.read(folder.resolve("text_encoder")), weights(source));
  }

  @Test
  void theUNetTakesEveryPublishedName() {
    try (UNet unet = unet(ShapesOnly.published("unet"))) {
      assertThat(unet.weights().tensors()).hasSize(1682);
    }
  }

  @Test
  void theUNetOfASingleFileTakesEveryOriginalName() {
    TensorFile original = LdmUNetNames.toOriginal(ShapesOnly.published("unet"));
    assertThat(original.names()).contains("input_blocks.0.0.weight").hasSize(1682);
    TensorFile single = (TensorFile) ShapesOnly.source(original);
    try (UNet unet = unet(ShapesOnly.source(LdmUNetNames.toDiffusers(single)))) {
      assertThat(unet.weights().tensors()).hasSize(1682);
    }
  }

  @Test
  void theVaeTakesEveryPublishedName() {
    try (Autoencoder vae = vae(ShapesOnly.published("vae"))) {
      assertThat(vae.weights().tensors()).hasSize(248);
    }
  }

  @Test
  void theVaeOfASingleFileTakesEveryOriginalName() {
    TensorFile published = ShapesOnly.published("vae");
    JsonObject reference = ShapesOnly.json("ldm_vae_names.json.gz");
    Map<String, Shape> original = new LinkedHashMap<>();
    for (String name : reference.keySet()) {
      Shape shape = published.info(reference.get(name).getAsString()).shape();
      boolean projection = name.contains(".attn_1.") && shape.dimension() == 2;
      original.put(name, projection ? new Shape(shape.get(0), shape.get(1), 1, 1) : shape);
    }
    ShapesOnly single = new ShapesOnly(original);
    assertThat(((ShapesOnly) ShapesOnly.source(LdmVaeNames.toOriginal(published))).shapes())
        .isEqualTo(original);
    try (Autoencoder vae = vae(ShapesOnly.source(LdmVaeNames.toDiffusers(single)))) {
      assertThat(vae.weights().tensors()).hasSize(248);
    }
  }

  @Test
  void theTextEncoderTakesEveryPublishedName() {
    try (ChatGlm encoder = textEncoder(ShapesOnly.published("text_encoder"))) {
      assertThat(encoder.weights().tensors()).hasSize(200);
    }
  }

  @Test
  void theTextEncoderOfChatGlm3BaseTakesEveryName() {
    Map<String, Shape> prefixed = new LinkedHashMap<>();
    ShapesOnly.published("text_encoder")
        .shapes()
        .forEach((name, shape) -> prefixed.put("transformer." + name, shape));
    assertThat(prefixed)
        .containsKeys("transformer.rotary_pos_emb.inv_freq", "transformer.output_layer.weight");
    try (ChatGlm encoder = textEncoder(new ShapesOnly(prefixed))) {
      assertThat(encoder.weights().tensors().keySet())
          .containsExactlyInAnyOrderElementsOf(prefixed.keySet());
    }
  }

  @Test
  void aLeftOverNameAndAMissingOneAreErrors() {
    Map<String, Shape> more = new LinkedHashMap<>(ShapesOnly.published("vae").shapes());
    more.put("decoder.extra.weight", new Shape(3));
    assertThatThrownBy(() -> vae(new ShapesOnly(more)))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("decoder.extra.weight");
    Map<String, Shape> fewer = new LinkedHashMap<>(ShapesOnly.published("vae").shapes());
    fewer.remove("quant_conv.bias");
    assertThatThrownBy(() -> vae(new ShapesOnly(fewer)))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("quant_conv.bias");
  }

  @Test
  void aChatGlmWithStretchedPositionsIsRefused() throws IOException {
    Path config = folder.resolve("text_encoder/config.json");
    String json = Files.readString(config);
    Files.writeString(config, json.replaceFirst("\\{", "{\"rope_ratio\": 50,"));
    assertThatThrownBy(() -> ChatGlmConfig.read(folder.resolve("text_encoder")))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("rope_ratio");
    Files.writeString(config, json.replaceFirst("\\{", "{\"rope_ratio\": 1.0,"));
    assertThat(ChatGlmConfig.read(folder.resolve("text_encoder")).layers()).isEqualTo(28);
  }
}
