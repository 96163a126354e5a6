package io.github.kolors4j.internal.weights;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LdmVaeNamesTest {

  private static final Path RESOURCES = Path.of("src/test/resources");
  private static final Path GOLDEN = RESOURCES.resolve("golden");

  @TempDir Path folder;

  @Test
  void theRuleGivesEveryNameOfTheFullSizeVae() throws IOException {
    Path names = RESOURCES.resolve("names/ldm_vae_names.json.gz");
    JsonObject map = JsonParser.parseString(Golden.unpacked(names)).getAsJsonObject();
    assertThat(map.size()).isEqualTo(248);
    for (String name : map.keySet()) {
      assertThat(LdmVaeNames.toDiffusers(name, 4)).isEqualTo(map.get(name).getAsString());
    }
  }

  @Test
  void aSingleFileVaeIsTheVaeOfTheModelFolder() {
    try (NDManager manager = NDManager.newBaseManager();
        TensorFile single = vae(GOLDEN.resolve("vae_ldm.safetensors"));
        TensorFile published = WeightFolder.open(GOLDEN.resolve("kolors-tiny/vae"))) {
      assertThat(single.names()).containsExactlyInAnyOrderElementsOf(published.names());
      for (String name : published.names()) {
        NDArray expected = published.read(name, manager).toType(DataType.FLOAT16, false);
        assertThat(single.info(name).shape()).as(name).isEqualTo(expected.getShape());
        assertThat(single.read(name, manager)).as(name).isEqualTo(expected);
      }
    }
  }

  @Test
  void theVaeIsFoundInsideAWholeCheckpoint() {
    Path checkpoint = folder.resolve("checkpoint.safetensors");
    try (NDManager manager = NDManager.newBaseManager();
        TensorFile single = SafetensorsFile.open(GOLDEN.resolve("vae_ldm.safetensors"))) {
      Map<String, NDArray> tensors = new LinkedHashMap<>();
      tensors.put("model.diffusion_model.out.0.bias", manager.create(1f));
      for (String name : single.names()) {
        tensors.put("first_stage_model." + name, single.read(name, manager));
      }
      SafetensorsWriter.write(checkpoint, tensors);
      try (TensorFile vae = vae(checkpoint)) {
        assertThat(vae.names()).hasSize(180).contains("decoder.up_blocks.0.upsamplers.0.conv.bias");
      }
    }
  }

  @Test
  void aVaeUnderDiffusersNamesStaysAsItIs() {
    try (TensorFile file = WeightFolder.open(GOLDEN.resolve("kolors-tiny/vae"))) {
      assertThat(LdmVaeNames.areIn(file)).isFalse();
      assertThat(LdmVaeNames.toDiffusers(file)).isSameAs(file);
    }
  }

  private static TensorFile vae(Path file) {
    return LdmVaeNames.toDiffusers(SafetensorsFile.open(file));
  }
}
