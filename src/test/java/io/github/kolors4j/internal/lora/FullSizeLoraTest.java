package io.github.kolors4j.internal.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import io.github.kolors4j.internal.weights.ShapesOnly;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.WeightFolder;
import io.github.kolors4j.lora.LoraException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** LoRAs of rank 1 on all 560 attention projections of the full-size UNet, in and out. */
class FullSizeLoraTest {
  private static UNetNames names;

  private static final String LAYER = "up_blocks.0.attentions.2.transformer_blocks.9.attn2.to_k";

  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager();

  @BeforeAll
  static void nameTheLayers(@TempDir Path unet) throws IOException {
    names = FullSizeUNet.names(unet);
  }

  @AfterEach
  void free() {
    manager.close();
  }

  @ParameterizedTest
  @CsvSource({
    "DIFFSYNTH, lora.ckpt, blocks.28.transformer_blocks.9.attn2.to_k.lora_A.default.weight",
    "PEFT, lora.ckpt,"
        + " up_blocks.0.attentions.2.transformer_blocks.9.attn2.to_k.lora_A.default.weight",
    "DIFFUSERS, lora.safetensors,"
        + " unet.up_blocks.0.attentions.2.transformer_blocks.9.attn2.to_k.lora_A.weight",
    "KOHYA, lora.safetensors,"
        + " lora_unet_up_blocks_0_attentions_2_transformer_blocks_9_attn2_to_k.lora_down.weight",
    "KOHYA_SDXL, lora.safetensors,"
        + " lora_unet_output_blocks_2_1_transformer_blocks_9_attn2_to_k.lora_down.weight",
    "COMFYUI, lora.safetensors,"
        + " diffusion_model.output_blocks.2.1.transformer_blocks.9.attn2.to_k.lora_down.weight"
  })
  void everyFormatHoldsEveryProjection(LoraFormat format, String name, String key) {
    LoraWeights lora = rankOne();
    assertThat(lora.layers()).hasSize(560);
    Path path = folder.resolve(name);
    LoraFile.write(path, lora.withAlpha(1), format, names);
    try (TensorFile file = WeightFolder.openFile(path)) {
      assertThat(file.names()).contains(key);
      assertThat(file.info(key).shape()).isEqualTo(new Shape(1, 2048));
      assertThat(LoraFile.detect(file.names())).isEqualTo(format);
    }
    LoraWeights again = LoraFile.read(path, manager, names);
    assertThat(again.layers().keySet()).containsExactlyInAnyOrderElementsOf(lora.layers().keySet());
    again
        .layers()
        .forEach(
            (layer, matrices) -> {
              LoraLayer expected = lora.layers().get(layer);
              assertThat(matrices.down().getShape()).isEqualTo(expected.down().getShape());
              assertThat(matrices.up().getShape()).isEqualTo(expected.up().getShape());
            });
    assertThat(again.layers().get(LAYER).down()).isEqualTo(lora.layers().get(LAYER).down());
  }

  @Test
  void theAttentionProcessorsOfOldDiffusersAreRead() {
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    String start = "unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.";
    for (String projection : new String[] {"to_q_lora", "to_out_lora"}) {
      tensors.put(
          start + "processor." + projection + ".down.weight", manager.ones(new Shape(1, 640)));
      tensors.put(
          start + "processor." + projection + ".up.weight", manager.ones(new Shape(640, 1)));
    }
    Path path = folder.resolve("pytorch_lora_weights.safetensors");
    SafetensorsWriter.write(path, tensors);
    String layer = start.substring("unet.".length());
    assertThat(LoraFile.read(path, manager, names).layers())
        .containsOnlyKeys(layer + "to_q", layer + "to_out.0");
  }

  @Test
  void aLoraForTheTextEncoderIsNotTakenForOneOfTheUNet() {
    Path path = folder.resolve("lora.safetensors");
    SafetensorsWriter.write(
        path, Map.of("lora_te_text_model_encoder.lora_down.weight", manager.ones(new Shape(1, 8))));
    assertThatThrownBy(() -> LoraFile.read(path, manager, names))
        .isInstanceOf(LoraException.class)
        .hasMessageContaining("lora_te_text_model_encoder");
  }

  private LoraWeights rankOne() {
    Map<String, LoraLayer> layers = new LinkedHashMap<>();
    ShapesOnly.published("unet")
        .shapes()
        .forEach(
            (name, shape) -> {
              if (name.matches(".*\\.(to_q|to_k|to_v|to_out\\.0)\\.weight")) {
                float[] down = new float[(int) shape.get(1)];
                Arrays.fill(down, layers.size() + 1);
                layers.put(
                    name.substring(0, name.length() - ".weight".length()),
                    new LoraLayer(
                        manager.create(down, new Shape(1, down.length)),
                        manager.ones(new Shape(shape.get(0), 1))));
              }
            });
    return new LoraWeights(layers);
  }
}
