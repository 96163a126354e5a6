package io.github.kolors4j.internal.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.TorchWriter;
import io.github.kolors4j.internal.weights.WeightFolder;
import io.github.kolors4j.lora.LoraException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoraFileTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final String TO_Q = "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q";
  private static final UNetNames NAMES =
      new UNetNames(UNetConfig.read(GOLDEN.resolve("kolors-tiny/unet")));

  @TempDir Path folder;
  private NDManager manager;

  @BeforeEach
  void openManager() {
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void closeManager() {
    manager.close();
  }

  @ParameterizedTest
  @CsvSource({
    "diffsynth.ckpt, DIFFSYNTH",
    "peft_names.ckpt, PEFT",
    "diffusers.safetensors, DIFFUSERS",
    "kohya.safetensors, KOHYA",
    "kohya_sdxl.safetensors, KOHYA_SDXL"
  })
  void aFileIsRecognizedAndHoldsTheSameAdapterAsPeftsOwn(String name, LoraFormat format) {
    Path path = GOLDEN.resolve("lora_files").resolve(name);
    try (TensorFile file = WeightFolder.openFile(path);
        TensorFile peft = WeightFolder.openFile(GOLDEN.resolve("lora_files/peft_names.ckpt"));
        LoraWeights lora = LoraFile.read(path, manager, NAMES)) {
      assertThat(LoraFile.detect(file.names())).isEqualTo(format);
      assertThat(lora.rank()).isEqualTo(4);
      assertThat(lora.layers()).hasSize(136);
      assertThat(lora.alpha().isPresent())
          .isEqualTo(format != LoraFormat.DIFFSYNTH && format != LoraFormat.PEFT);
      lora.layers()
          .forEach(
              (layer, matrices) -> {
                String key = layer + ".lora_%s.default.weight";
                assertThat(matrices.down()).isEqualTo(peft.read(key.formatted("A"), manager));
                assertThat(matrices.up()).isEqualTo(peft.read(key.formatted("B"), manager));
              });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "diffsynth.ckpt, DIFFSYNTH",
    "peft_names.ckpt, PEFT",
    "diffusers.safetensors, DIFFUSERS",
    "kohya.safetensors, KOHYA",
    "kohya_sdxl.safetensors, KOHYA_SDXL"
  })
  void everyFileCanBeWrittenFromEveryOther(String name, LoraFormat format) {
    Path original = GOLDEN.resolve("lora_files").resolve(name);
    for (String other :
        new String[] {
          "diffsynth.ckpt",
          "peft_names.ckpt",
          "diffusers.safetensors",
          "kohya.safetensors",
          "kohya_sdxl.safetensors"
        }) {
      Path copy = folder.resolve(name);
      try (LoraWeights lora =
          LoraFile.read(GOLDEN.resolve("lora_files").resolve(other), manager, NAMES)) {
        LoraFile.write(copy, lora.withAlpha(4), format, NAMES);
      }
      if (name.endsWith(".safetensors")) {
        assertThat(copy).hasSameBinaryContentAs(original);
      } else {
        assertSameTensors(copy, original);
      }
    }
  }

  private void assertSameTensors(Path copy, Path original) {
    try (TensorFile actual = WeightFolder.openFile(copy);
        TensorFile expected = WeightFolder.openFile(original)) {
      assertThat(actual.names()).containsExactlyInAnyOrderElementsOf(expected.names());
      for (String key : expected.names()) {
        assertThat(actual.read(key, manager)).isEqualTo(expected.read(key, manager));
      }
    }
  }

  @Test
  void theScaleIsAlphaOverRank() {
    LoraLayer layer = new LoraLayer(manager.ones(new Shape(4, 8)), manager.ones(new Shape(6, 4)));
    assertThat(layer.rank()).isEqualTo(4);
    assertThat(layer.withAlpha(2).scale()).isEqualTo(0.5);
    assertThatThrownBy(layer::scale)
        .isInstanceOf(LoraException.class)
        .hasMessageContaining("does not say its alpha");
  }

  @Test
  void kohyaKeepsAlphaAndDiffusersMultipliesItIntoTheMatrix() {
    LoraLayer layer =
        new LoraLayer(
            manager.ones(new Shape(4, 8)),
            manager.ones(new Shape(6, 4)).mul(3),
            OptionalDouble.of(2));
    LoraWeights lora = new LoraWeights(Map.of(TO_Q, layer));
    Path kohya = folder.resolve("kohya.safetensors");
    Path diffusers = folder.resolve("diffusers.safetensors");
    LoraFile.write(kohya, lora, LoraFormat.KOHYA, NAMES);
    LoraFile.write(diffusers, lora, LoraFormat.DIFFUSERS, NAMES);
    LoraLayer fromKohya = LoraFile.read(kohya, manager, NAMES).layers().get(TO_Q);
    LoraLayer fromDiffusers = LoraFile.read(diffusers, manager, NAMES).layers().get(TO_Q);
    assertThat(fromKohya.alpha()).hasValue(2);
    assertThat(fromKohya.up().toFloatArray()).containsOnly(3);
    assertThat(fromDiffusers.scale()).isEqualTo(1);
    assertThat(fromDiffusers.up().toFloatArray()).containsOnly(1.5f);
  }

  @Test
  void aFormatThatStatesAlphaAsksForItWhereItIsUnknown() {
    Path checkpoint = GOLDEN.resolve("lora_files/diffsynth.ckpt");
    Path target = folder.resolve("x.safetensors");
    try (LoraWeights lora = LoraFile.read(checkpoint, manager, NAMES)) {
      assertThatThrownBy(() -> LoraFile.write(target, lora, LoraFormat.KOHYA, NAMES))
          .isInstanceOf(LoraException.class)
          .hasMessageContaining(".alpha(");
    }
    assertThat(target).doesNotExist();
  }

  @Test
  void kohyasAlphaIsTheRankWhereTheFileHasNone() {
    Path path = safetensors(pair("lora_unet_" + TO_Q.replace('.', '_'), "lora_down", "lora_up"));
    assertThat(LoraFile.read(path, manager, NAMES).alpha()).hasValue(4);
  }

  @Test
  void diffusersMetadataStatesAlpha() {
    Path path = folder.resolve("x.safetensors");
    SafetensorsWriter.write(
        path,
        pair("unet." + TO_Q, "lora_A", "lora_B"),
        Map.of("lora_adapter_metadata", "{\"unet.r\": 4, \"unet.lora_alpha\": 8}"));
    assertThat(LoraFile.read(path, manager, NAMES).layers().get(TO_Q).scale()).isEqualTo(2);
  }

  @Test
  void peftsOwnPrefixAndHalfPrecisionAreRead() {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    pair("base_model.model." + TO_Q, "lora_A", "lora_B")
        .forEach((key, array) -> tensors.put(key, array.toType(DataType.FLOAT16, false)));
    LoraLayer layer = LoraFile.read(safetensors(tensors), manager, NAMES).layers().get(TO_Q);
    assertThat(layer.down().getDataType()).isEqualTo(DataType.FLOAT32);
    assertThat(layer.down().getShape()).isEqualTo(new Shape(4, 8));
  }

  @Test
  void aConvolutionsAdapterKeepsItsFourDimensions() {
    String name = "lora_unet_input_blocks_4_0_in_layers_2";
    Path path =
        safetensors(
            Map.of(
                name + ".lora_down.weight", manager.ones(new Shape(4, 8, 3, 3)),
                name + ".lora_up.weight", manager.ones(new Shape(16, 4, 1, 1)),
                name + ".alpha", manager.create(1f)));
    LoraWeights lora = LoraFile.read(path, manager, NAMES);
    LoraLayer layer = lora.layers().get("down_blocks.1.resnets.0.conv1");
    assertThat(layer.down().getShape()).isEqualTo(new Shape(4, 8, 3, 3));
    assertThat(layer.scale()).isEqualTo(0.25);
    Path copy = folder.resolve("copy.safetensors");
    LoraFile.write(copy, lora, LoraFormat.KOHYA_SDXL, NAMES);
    assertSameTensors(copy, path);
  }

  @Test
  void aKeyThatFitsNoLayerIsNamedWithTheNearest() {
    String wrong = TO_Q.replace("to_q", "to_qq");
    Path path = safetensors(pair("unet." + wrong, "lora_A", "lora_B"));
    assertThatThrownBy(() -> LoraFile.read(path, manager, NAMES))
        .isInstanceOf(LoraException.class)
        .hasMessageContainingAll(
            "x.safetensors", "unet." + wrong + ".lora_A.weight", "'" + TO_Q + "'");
  }

  @Test
  void anAdapterOfALargerUNetIsRefusedByItsFirstKeyWithoutALayer() {
    String name = "lora_unet_input_blocks_8_1_transformer_blocks_9_attn1_to_q";
    Path path = safetensors(pair(name, "lora_down", "lora_up"));
    assertThatThrownBy(() -> LoraFile.read(path, manager, NAMES))
        .isInstanceOf(LoraException.class)
        .hasMessageContainingAll(name, "may be for another model");
  }

  @Test
  void whatIsNeitherLoraNorDoraIsNamed() {
    Map<String, NDArray> tensors = new LinkedHashMap<>(pair(TO_Q, "lora_A", "lora_B"));
    tensors.put(TO_Q + ".hada_w1_a", manager.ones(new Shape(8)));
    Path path = safetensors(tensors);
    assertThatThrownBy(() -> LoraFile.read(path, manager, NAMES))
        .isInstanceOf(LoraException.class)
        .hasMessageContainingAll(TO_Q + ".hada_w1_a", "LoRA and DoRA are read");
  }

  @Test
  void magnitudesThatDoNotFitAreRefused() {
    Map<String, NDArray> tensors = new LinkedHashMap<>(pair(TO_Q, "lora_A", "lora_B"));
    tensors.put(TO_Q + ".dora_scale", manager.ones(new Shape(3)));
    Path path = safetensors(tensors);
    assertThatThrownBy(() -> LoraFile.read(path, manager, NAMES))
        .isInstanceOf(LoraException.class)
        .hasMessageContainingAll(TO_Q, "magnitude (3)");
  }

  @Test
  void aLayerWithOneMatrixIsIncomplete() {
    Map<String, NDArray> tensors = new LinkedHashMap<>(pair(TO_Q, "lora_A", "lora_B"));
    tensors.remove(TO_Q + ".lora_A.weight");
    Path path = safetensors(tensors);
    assertThatThrownBy(() -> LoraFile.read(path, manager, NAMES))
        .isInstanceOf(LoraException.class)
        .hasMessageContainingAll("lacks the down matrix", TO_Q);
  }

  @Test
  void matricesOfDifferentRanksDoNotBelongTogether() {
    Map<String, NDArray> tensors = new LinkedHashMap<>(pair(TO_Q, "lora_A", "lora_B"));
    tensors.put(TO_Q + ".lora_B.weight", manager.ones(new Shape(8, 5)));
    Path path = safetensors(tensors);
    assertThatThrownBy(() -> LoraFile.read(path, manager, NAMES))
        .isInstanceOf(LoraException.class)
        .hasMessageContainingAll(TO_Q, "do not belong together");
  }

  @Test
  void oneLayerUnderTwoNamesIsRefused() {
    Map<String, NDArray> tensors = new LinkedHashMap<>(pair(TO_Q, "lora_A", "lora_B"));
    tensors.putAll(pair("base_model.model." + TO_Q, "lora_A", "lora_B"));
    Path path = safetensors(tensors);
    assertThatThrownBy(() -> LoraFile.read(path, manager, NAMES))
        .isInstanceOf(LoraException.class)
        .hasMessageContaining("for the same layer");
  }

  @Test
  void anEmptyFileHoldsNoLora() {
    Path path = folder.resolve("empty.ckpt");
    TorchWriter.write(path, Map.of());
    assertThatThrownBy(() -> LoraFile.read(path, manager, NAMES))
        .isInstanceOf(LoraException.class)
        .hasMessageContaining("holds no LoRA");
  }

  @Test
  void theFormatDoesNotDependOnTheContainer() {
    Path path = folder.resolve("diffsynth.safetensors");
    Path kohya = GOLDEN.resolve("lora_files/kohya.safetensors");
    try (LoraWeights lora = LoraFile.read(kohya, manager, NAMES)) {
      LoraFile.write(path, lora, LoraFormat.DIFFSYNTH, NAMES);
    }
    assertSameTensors(path, GOLDEN.resolve("lora_files/diffsynth.ckpt"));
  }

  private Map<String, NDArray> pair(String name, String down, String up) {
    return Map.of(
        name + "." + down + ".weight", manager.ones(new Shape(4, 8)),
        name + "." + up + ".weight", manager.ones(new Shape(8, 4)));
  }

  private Path safetensors(Map<String, NDArray> tensors) {
    Path path = folder.resolve("x.safetensors");
    SafetensorsWriter.write(path, tensors);
    return path;
  }
}
