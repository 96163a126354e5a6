package io.github.kolors4j.internal.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.Golden;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.lora.LoraException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UNetNamesTest {

  private static final Path NAMES = Path.of("src/test/resources/names");
  private static final String LAYER =
      "down_blocks.2.attentions.1.transformer_blocks.9.attn2.to_out.0";

  @TempDir Path folder;

  @Test
  void theRuleGivesExactlyDiffSynthsNamesOfTheFullSizeUNet() throws IOException {
    Map<String, String> expected = layers("diffsynth_unet_names.json.gz");
    UNetNames names = kolors();
    assertThat(names.layers()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.forEach(
        (layer, name) -> {
          assertThat(names.inFormat(layer, LoraFormat.DIFFSYNTH)).isEqualTo(name);
          assertThat(names.fromFormat(name, LoraFormat.DIFFSYNTH)).isEqualTo(layer);
        });
  }

  @Test
  void theRuleGivesExactlyTheOriginalNamesOfTheFullSizeUNet() throws IOException {
    Map<String, String> expected = layers("ldm_unet_names.json.gz");
    UNetNames names = kolors();
    assertThat(expected).hasSize(names.layers().size() - 1);
    expected.forEach(
        (layer, name) -> {
          String kohya = "lora_unet_" + name.replace('.', '_');
          assertThat(names.inFormat(layer, LoraFormat.KOHYA_SDXL)).isEqualTo(kohya);
          assertThat(names.fromFormat(kohya, LoraFormat.KOHYA_SDXL)).isEqualTo(layer);
        });
  }

  @Test
  void everyNameIsFoundAgainInEveryFormat() throws IOException {
    UNetNames names = kolors();
    for (LoraFormat format : LoraFormat.values()) {
      for (String layer : names.layers()) {
        if (format != LoraFormat.KOHYA_SDXL || !layer.equals("encoder_hid_proj")) {
          assertThat(names.fromFormat(names.inFormat(layer, format), format)).isEqualTo(layer);
        }
      }
    }
  }

  @Test
  void aLayerIsCalledWhatEachConventionCallsIt() throws IOException {
    UNetNames names = kolors();
    assertThat(names.inFormat(LAYER, LoraFormat.DIFFSYNTH))
        .isEqualTo("blocks.18.transformer_blocks.9.attn2.to_out");
    assertThat(names.inFormat(LAYER, LoraFormat.PEFT)).isEqualTo(LAYER);
    assertThat(names.inFormat(LAYER, LoraFormat.DIFFUSERS)).isEqualTo("unet." + LAYER);
    assertThat(names.inFormat(LAYER, LoraFormat.KOHYA))
        .isEqualTo("lora_unet_down_blocks_2_attentions_1_transformer_blocks_9_attn2_to_out_0");
    assertThat(names.inFormat(LAYER, LoraFormat.KOHYA_SDXL))
        .isEqualTo("lora_unet_input_blocks_8_1_transformer_blocks_9_attn2_to_out_0");
  }

  @Test
  void anUnknownLayerIsAnsweredWithTheNearest() throws IOException {
    UNetNames names = kolors();
    assertThatThrownBy(() -> names.inFormat(LAYER + "0", LoraFormat.PEFT))
        .isInstanceOf(LoraException.class)
        .hasMessageContainingAll(LAYER + "0", "nearest name is '" + LAYER + "'");
    assertThatThrownBy(() -> names.inFormat("encoder_hid_proj", LoraFormat.KOHYA_SDXL))
        .isInstanceOf(LoraException.class)
        .hasMessageContainingAll("encoder_hid_proj", "has no name in kohya's SDXL format");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"block_out_channels\": [], \"layers_per_block\": 2}",
        "{\"block_out_channels\": [8, 16], \"layers_per_block\": [2]}",
        "{\"block_out_channels\": [8, 16], \"layers_per_block\": 2, \"down_block_types\": [\"x\"]}",
        "{\"block_out_channels\": [8], \"layers_per_block\": 2000000000,"
            + " \"down_block_types\": [\"x\"], \"up_block_types\": [\"x\"]}",
      })
  void aConfigurationThatIsNoUNetsIsRefusedWithItsName(String json) throws IOException {
    Path config = Files.writeString(folder.resolve("config.json"), json);
    assertThatThrownBy(() -> UNetConfig.read(config.getParent()))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining(config.toString());
  }

  private UNetNames kolors() throws IOException {
    return FullSizeUNet.names(folder);
  }

  /** Published layer names to the other ones, from a list of weights. */
  private static Map<String, String> layers(String file) throws IOException {
    JsonObject weights =
        JsonParser.parseString(Golden.unpacked(NAMES.resolve(file))).getAsJsonObject();
    Map<String, String> layers = new LinkedHashMap<>();
    for (String name : weights.keySet()) {
      layers.put(withoutEnding(weights.get(name).getAsString()), withoutEnding(name));
    }
    return layers;
  }

  private static String withoutEnding(String weight) {
    return weight.replaceFirst("\\.(weight|bias)$", "");
  }
}
