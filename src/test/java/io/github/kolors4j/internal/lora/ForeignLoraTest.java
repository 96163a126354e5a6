package io.github.kolors4j.internal.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.weights.SafetensorsFile;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import io.github.kolors4j.lora.LoraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users of other programs bring: read right, or refused with what is wrong and what to do. */
class ForeignLoraTest {
  private static final UNetNames NAMES =
      new UNetNames(UNetConfig.read(Golden.TINY.resolve("unet")));
  private static final String TO_Q = "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q";
  private static final String KOHYA = "lora_unet_" + TO_Q.replace('.', '_');
  private static final String CLIP = "lora_te1_text_model_encoder_layers_0_mlp_fc1";
  private static final String TEXT = "encoder.layers.0.self_attention.query_key_value";

  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void free() {
    manager.close();
  }

  private Map<String, NDArray> pair(String name, String down, String up) {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    tensors.put(name + down, manager.ones(new Shape(4, 32)));
    tensors.put(name + up, manager.ones(new Shape(32, 4)));
    return tensors;
  }

  private Map<String, NDArray> kohya() {
    Map<String, NDArray> tensors = pair(KOHYA, ".lora_down.weight", ".lora_up.weight");
    tensors.put(KOHYA + ".alpha", manager.create(2f));
    return tensors;
  }

  private Path file(Map<String, NDArray> tensors) {
    return file(tensors, Map.of());
  }

  private Path file(Map<String, NDArray> tensors, Map<String, String> metadata) {
    Path path = folder.resolve("x.safetensors");
    SafetensorsWriter.write(path, tensors, metadata);
    return path;
  }

  private LoraLayer read(Map<String, NDArray> tensors) {
    return LoraFile.read(file(tensors), manager, NAMES).layers().get(TO_Q);
  }

  private void refused(Path path, String... words) {
    assertThatThrownBy(() -> ModelLora.read(path, manager, NAMES))
        .isInstanceOf(LoraException.class)
        .hasMessageContaining(path.toString())
        .hasMessageContainingAll(words);
  }

  @Test
  void clipsPartOfAnSdxlFileIsNamedAndTheUNetsCanBeTakenAlone() {
    Map<String, NDArray> tensors = kohya();
    tensors.put(CLIP + ".lora_down.weight", manager.ones(new Shape(4, 8)));
    tensors.put(CLIP + ".lora_up.weight", manager.ones(new Shape(8, 4)));
    Path path = file(tensors);
    refused(path, "2 tensors", "CLIP", CLIP, "--lora-unet-only", "ofUnet");
    assertThatThrownBy(() -> LoraFile.read(path, manager, NAMES))
        .isInstanceOf(LoraException.class)
        .hasMessageContaining("CLIP");
    assertThat(LoraFile.readUnet(path, manager, NAMES).layers()).containsOnlyKeys(TO_Q);
  }

  @Test
  void aFileForClipAloneIsOfNoUse() {
    Path path = file(Map.of(CLIP + ".lora_down.weight", manager.ones(new Shape(4, 8))));
    refused(path, "CLIP", "nothing of it can be used");
    assertThatThrownBy(() -> LoraFile.readUnet(path, manager, NAMES))
        .isInstanceOf(LoraException.class)
        .hasMessageContaining("for a text encoder only");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void numbersThatAreNoneAreRefusedWhenTheyAreRead(float value) {
    Map<String, NDArray> tensors = kohya();
    tensors.put(KOHYA + ".alpha", manager.create(value));
    refused(file(tensors), KOHYA + ".alpha", "nothing can be multiplied");
    tensors = kohya();
    tensors.put(KOHYA + ".lora_up.weight", manager.full(new Shape(32, 4), value));
    refused(file(tensors), KOHYA + ".lora_up.weight", "not a number");
  }

  @Test
  void anAlphaOfZeroWouldChangeNothing() {
    Map<String, NDArray> tensors = kohya();
    tensors.put(KOHYA + ".alpha", manager.create(0f));
    LoraWeights lora = LoraFile.read(file(tensors), manager, NAMES);
    assertThatThrownBy(() -> lora.requireEffect("x.safetensors"))
        .isInstanceOf(LoraException.class)
        .hasMessageContainingAll("x.safetensors", "alpha of 0", "the rank, which is 4");
    lora.withAlpha(4).requireEffect("x.safetensors");
  }

  @ParameterizedTest
  @CsvSource({
    "hada_w1_a, LoHa",
    "lokr_w1, LoKr",
    "oft_blocks, OFT",
    "a1.weight, GLoRA",
    "on_input, IA3",
    "diff, differences of whole weights",
    "w_norm, normalisation",
    "wd_for_diff, wd_for_diff",
    "lora_B.default.bias, biases",
    "lora_B.bias, biases",
    "lora_up.bias, biases"
  })
  void otherAdaptersAreRefusedByName(String part, String name) {
    Map<String, NDArray> tensors = kohya();
    tensors.put(KOHYA + "." + part, manager.ones(new Shape(4, 4)));
    refused(file(tensors), part, name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "transformer.transformer_blocks.0.attn.to_q",
        "lora_unet_double_blocks_0_img_attn_proj",
        "lora_transformer_single_transformer_blocks_0_attn_to_q",
        "diffusion_model.joint_blocks.0.x_block.attn.qkv",
        "diffusion_model.layers.0.attention.qkv"
      })
  void lorasOfTransformersAreNamed(String layer) {
    refused(file(pair(layer, ".lora_A.weight", ".lora_B.weight")), layer, "diffusion transformer");
  }

  @ParameterizedTest
  @CsvSource({
    "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q, .lora_A.anime.weight, .lora_B.anime.weight",
    "base_model.model.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q, .lora_A.weight, .lora_B.weight",
    "base_model.model.blocks.7.transformer_blocks.0.attn1.to_q, .lora_A.x.weight, .lora_B.x.weight",
    "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.processor.to_q_lora, .down.weight, .up.weight",
    "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q, .lora.down.weight, .lora.up.weight",
    "lycoris_down_blocks_1_attentions_0_transformer_blocks_0_attn1_to_q, .lora_down.weight, .lora_up.weight",
    "lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q, .lora_down.weight, .lora_up.weight",
    "diffusion_model.input_blocks.4.1.transformer_blocks.0.attn1.to_q, .lora_A.weight, .lora_B.weight",
    "diffusion_model.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q, .lora_up, .lora_down"
  })
  void aLayerIsKnownByAllItsNames(String layer, String down, String up) {
    boolean turned = down.equals(".lora_up");
    Map<String, NDArray> tensors = turned ? pair(layer, up, down) : pair(layer, down, up);
    assertThat(read(tensors).rank()).isEqualTo(4);
  }

  @Test
  void namesOfKohyasTwoFormatsMayBeMixed() {
    Map<String, NDArray> tensors = kohya();
    tensors.putAll(
        pair(
            "lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_k",
            ".lora_down.weight",
            ".lora_up.weight"));
    assertThat(LoraFile.read(file(tensors), manager, NAMES).layers()).hasSize(2);
  }

  @Test
  void twoAdaptersInOneFileAreNamed() {
    Map<String, NDArray> tensors = pair(TO_Q, ".lora_A.one.weight", ".lora_B.one.weight");
    tensors.put(TO_Q + ".lora_B.two.weight", manager.ones(new Shape(32, 4)));
    refused(file(tensors), "'one'", "'two'", "file of its own");
  }

  @Test
  void oneByOneConvolutionsAndMatricesAreTheSame() {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    tensors.put(KOHYA + ".lora_down.weight", manager.ones(new Shape(4, 32, 1, 1)));
    tensors.put(KOHYA + ".lora_up.weight", manager.ones(new Shape(32, 4, 1, 1)));
    String shortcut = "lora_unet_down_blocks_1_resnets_0_conv_shortcut";
    tensors.put(shortcut + ".lora_down.weight", manager.ones(new Shape(4, 16)));
    tensors.put(shortcut + ".lora_up.weight", manager.ones(new Shape(32, 4)));
    LoraWeights lora = LoraFile.read(file(tensors), manager, NAMES);
    assertThat(lora.layers().get(TO_Q).down().getShape()).isEqualTo(new Shape(4, 32));
    assertThat(lora.layers().get("down_blocks.1.resnets.0.conv_shortcut").down().getShape())
        .isEqualTo(new Shape(4, 16, 1, 1));
  }

  @Test
  void wholeNumbersAreNoMatrix() {
    Map<String, NDArray> tensors = kohya();
    tensors.put(KOHYA + ".lora_down.weight", manager.ones(new Shape(4, 32), DataType.INT8));
    refused(file(tensors), "whole numbers", "float16");
  }

  @Test
  void anAlphaIsOneNumberOfAnyType() {
    Map<String, NDArray> tensors = kohya();
    tensors.put(KOHYA + ".alpha", manager.create(new long[] {8}));
    assertThat(read(tensors).scale()).isEqualTo(2);
    tensors.put(KOHYA + ".alpha", manager.ones(new Shape(2)));
    refused(file(tensors), KOHYA + ".alpha", "an alpha is one number");
  }

  @Test
  void aUNetsAndChatGlmsAdaptersInOneFileAreBothRead() {
    Map<String, NDArray> tensors = pair("unet." + TO_Q, ".lora_A.weight", ".lora_B.weight");
    tensors.putAll(pair("text_encoder." + TEXT, ".lora_A.weight", ".lora_B.weight"));
    Path path = file(tensors);
    ModelLora lora = ModelLora.read(path, manager, NAMES);
    assertThat(lora.unet().layers()).containsOnlyKeys(TO_Q);
    assertThat(lora.textEncoder().layers()).containsOnlyKeys(TEXT);
    assertThat(LoraFile.readTextEncoder(path, manager).layers()).containsOnlyKeys(TEXT);
    assertThatThrownBy(() -> LoraFile.read(path, manager, NAMES))
        .isInstanceOf(LoraException.class)
        .hasMessageContaining("ModelLora.read");
    Path copy = folder.resolve("copy.safetensors");
    assertThatThrownBy(() -> LoraFile.write(copy, lora, LoraFormat.KOHYA, NAMES))
        .isInstanceOf(LoraException.class)
        .hasMessageContainingAll("no names for ChatGLM", "diffusers");
    LoraFile.write(copy, lora, LoraFormat.DIFFUSERS, NAMES);
    assertThat(ModelLora.read(copy, manager, NAMES).textEncoder().alpha()).hasValue(4);
  }

  @Test
  void aFolderOfPeftForChatGlmIsRead() {
    Path path = Golden.path("interchange/text-encoder.peft-folder");
    LoraLayer layer = LoraFile.readTextEncoder(path, manager).layers().get(TEXT);
    assertThat(layer.scale()).isEqualTo(2);
    assertThat(ModelLora.read(path, manager, NAMES).unet()).isNull();
    Path copy = folder.resolve("copy");
    LoraFile.write(
        copy, new ModelLora(null, new LoraWeights(Map.of(TEXT, layer))), LoraFormat.PEFT, null);
    assertThat(LoraFile.readTextEncoder(copy, manager).layers().get(TEXT).scale()).isEqualTo(2);
  }

  @Test
  void aFolderOfPeftKeepsRankStabilisation() {
    Path copy = folder.resolve("copy");
    Path path = Golden.path("interchange/rslora-ranks.peft-folder");
    LoraFile.write(copy, LoraFile.read(path, manager, NAMES), LoraFormat.PEFT, NAMES);
    LoraWeights back = LoraFile.read(copy, manager, NAMES);
    assertThat(back.alpha()).hasValue(8);
    assertThat(back.layers().values()).allMatch(LoraLayer::rankStabilised);
    assertThat(copy.resolve("adapter_config.json")).content().contains("\"use_rslora\": true");
  }

  @Test
  void aFolderWithoutALoraSaysWhatIsLookedFor() {
    refused(folder, "adapter_model.safetensors", "pytorch_lora_weights.safetensors");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{oops | is not the JSON",
        "[] | is not the JSON",
        "{\"unet.r\": 8, \"unet.lora_alpha\": 8} | says rank 8",
        "{\"unet.r\": 4, \"unet.lora_alpha\": \"NaN\"} | no number to multiply with",
        "{\"unet.r\": 4, \"unet.lora_alpha\": null} | has null for lora_alpha",
        "{\"unet.r\": 4, \"unet.lora_alpha\": {}} | is not the JSON",
        "{\"unet.r\": 4, \"unet.alpha_pattern\": {\"(\": 1}} | no regular expression",
        "{\"unet.r\": 4, \"unet.alpha_pattern\": {\"(.*.*.*.*.*.*.*)*x\": 1}} | take too long",
        "{\"unet.r\": 4, \"unet.use_dora\": true} | lacks the magnitude",
        "{\"unet.r\": 4, \"unet.peft_type\": \"LOHA\"} | LOHA of peft",
        "{\"unet.r\": 4, \"unet.init_lora_weights\": \"pissa_niter_4\"} | out of the model's own weights",
        "{\"unet.r\": 4, \"unet.lora_bias\": true} | has lora_bias",
        "{\"unet.r\": 4, \"unet.alora_invocation_tokens\": [1]} | has alora_invocation_tokens"
      })
  void settingsThatCannotBeFollowedAreNamed(String json, String words) {
    Path path =
        file(
            pair("unet." + TO_Q, ".lora_A.weight", ".lora_B.weight"),
            Map.of("lora_adapter_metadata", json));
    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> refused(path, words));
  }

  @Test
  void settingsWithWhatPeftLeavesOutHavePeftsDefaults() {
    Path path =
        file(
            pair("unet." + TO_Q, ".lora_A.weight", ".lora_B.weight"),
            Map.of(
                "lora_adapter_metadata", "{\"unet.use_rslora\": true, \"unet.bias\": \"none\"}"));
    assertThat(LoraFile.read(path, manager, NAMES).layers().get(TO_Q).scale()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "to_q, true",
    "^to_q, false",
    "attn1.to_q, true",
    "1.to_q, false",
    "ttn1.to_q, false",
    "^down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q, true",
    "x.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q, false",
    "attn1.*, true",
    "attn.\\.to_(q|k), true",
    "to_, false",
    ".*, true"
  })
  void patternsAreForTheEndsOfNamesAsInPeft(String text, boolean expected) {
    AtomicLong reads = new AtomicLong(LayerPattern.MOST_READS);
    assertThat(new LayerPattern("x", text, reads).matches(TO_Q)).isEqualTo(expected);
    assertThat(TO_Q.matches("(.*\\.)?(" + text + ")$")).isEqualTo(expected); // utils/other.py
  }

  @Test
  void patternsForAWholeChatGlmFindItsLayers() {
    Path path =
        file(
            pair("base_model.model.transformer." + TEXT, ".lora_A.weight", ".lora_B.weight"),
            Map.of(
                "lora_adapter_metadata",
                "{\"r\": 4, \"lora_alpha\": 8, \"alpha_pattern\": {\"^transformer."
                    + TEXT
                    + "\": 2}}"));
    assertThat(LoraFile.readTextEncoder(path, manager).alpha()).hasValue(2);
  }

  /** As {@code unet.save_lora_adapter} of diffusers writes it. */
  @Test
  void settingsOfAFileForOneNetworkHaveNoPrefix() {
    Path path =
        file(
            pair(TO_Q, ".lora_A.weight", ".lora_B.weight"),
            Map.of("lora_adapter_metadata", "{\"r\": 4, \"lora_alpha\": 8}"));
    assertThat(LoraFile.read(path, manager, NAMES).layers().get(TO_Q).scale()).isEqualTo(2);
  }

  @Test
  void columnsLengthsOfSquareLayersAreToldFromRows() {
    Map<String, NDArray> tensors = kohya();
    tensors.put(KOHYA + ".dora_scale", manager.ones(new Shape(1, 32)));
    assertThat(read(tensors).perColumn()).isTrue();
    tensors.put(KOHYA + ".dora_scale", manager.ones(new Shape(32, 1)));
    assertThat(read(tensors).perColumn()).isFalse();
  }

  @Test
  void differentAlphasAreMultipliedInWhereOneIsGivenWhenLoading() {
    Map<String, NDArray> tensors = kohya();
    String other = KOHYA.replace("to_q", "to_k");
    tensors.putAll(pair(other, ".lora_down.weight", ".lora_up.weight")); // alpha 4
    tensors.putAll(
        pair(KOHYA.replace("to_q", "to_v"), ".lora_down.weight", ".lora_up.weight")); // alpha 4
    LoraWeights lora = LoraFile.read(file(tensors), manager, NAMES);
    assertThat(LoraFile.alphaToLoadWith(lora)).hasValue(4);
    Path copy = folder.resolve("copy.ckpt");
    LoraFile.write(copy, lora, LoraFormat.DIFFSYNTH, NAMES);
    LoraWeights back = LoraFile.read(copy, manager, NAMES).withAlpha(4);
    assertThat(back.layers().get(TO_Q).up().toFloatArray()).containsOnly(0.5f);
    assertThat(back.layers().get(TO_Q.replace("to_q", "to_k")).up().toFloatArray())
        .containsOnly(1f);
  }

  @Test
  void aNameWithoutAKnownEndingIsNoFileButOfPeft() {
    LoraWeights lora = LoraFile.read(file(kohya()), manager, NAMES);
    Path copy = folder.resolve("copy.safetensor");
    assertThatThrownBy(() -> LoraFile.write(copy, lora, LoraFormat.KOHYA, NAMES))
        .isInstanceOf(LoraException.class)
        .hasMessageContainingAll("copy.safetensor:", ".safetensors", ".ckpt");
  }

  @Test
  void aTorchFileHasNoPlaceForWhatDiffusersNeedsToKnow() throws IOException {
    Path path = Golden.path("interchange/mixed-ranks.kohya.safetensors");
    Path copy = folder.resolve("copy.bin");
    LoraWeights lora = LoraFile.read(path, manager, NAMES);
    assertThatThrownBy(() -> LoraFile.write(copy, lora, LoraFormat.DIFFUSERS, NAMES))
        .isInstanceOf(LoraException.class)
        .hasMessageContaining(".safetensors");
    assertThat(Files.exists(copy)).isFalse();
  }

  @Test
  void aFileOfOneRankNeedsNoMetadata() {
    Path copy = folder.resolve("copy.safetensors");
    LoraFile.write(copy, LoraFile.read(file(kohya()), manager, NAMES), LoraFormat.DIFFUSERS, NAMES);
    try (SafetensorsFile written = SafetensorsFile.open(copy)) {
      assertThat(written.metadata()).containsOnlyKeys("format");
    }
  }
}
