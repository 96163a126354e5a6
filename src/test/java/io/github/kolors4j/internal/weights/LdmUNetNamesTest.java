package io.github.kolors4j.internal.weights;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import io.github.kolors4j.Golden;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LdmUNetNamesTest {
  @TempDir Path folder;

  @Test
  void everyNameOfTheFullSizeUNetIsTranslatedBothWays() {
    ShapesOnly published = ShapesOnly.published("unet");
    JsonObject reference = ShapesOnly.json("ldm_unet_names.json.gz"); // original → diffusers
    Map<String, Shape> original = new LinkedHashMap<>();
    for (String name : reference.keySet()) {
      original.put(name, published.shapes().get(reference.get(name).getAsString()));
    }
    for (String name : new String[] {"encoder_hid_proj.weight", "encoder_hid_proj.bias"}) {
      original.put(name, published.shapes().get(name)); // the original code knows no such layer
    }

    assertThat(shapes(LdmUNetNames.toOriginal(published))).isEqualTo(original);
    assertThat(shapes(LdmUNetNames.toDiffusers(new ShapesOnly(original))))
        .isEqualTo(published.shapes());
  }

  @Test
  void theUNetIsFoundInsideAWholeCheckpoint() {
    Path checkpoint = folder.resolve("checkpoint.safetensors");
    try (NDManager manager = NDManager.newBaseManager();
        TensorFile published = WeightFolder.open(Golden.TINY.resolve("unet"));
        TensorFile original = LdmUNetNames.toOriginal(published)) {
      Map<String, NDArray> tensors = new LinkedHashMap<>();
      tensors.put("first_stage_model.encoder.conv_in.bias", manager.create(1f));
      for (String name : original.names()) {
        tensors.put("model.diffusion_model." + name, original.read(name, manager));
      }
      SafetensorsWriter.write(checkpoint, tensors);
      try (TensorFile unet = LdmUNetNames.toDiffusers(SafetensorsFile.open(checkpoint))) {
        assertThat(unet.names()).containsExactlyInAnyOrderElementsOf(published.names());
        String name = "mid_block.attentions.0.transformer_blocks.0.attn2.to_k.weight";
        assertThat(unet.read(name, manager)).isEqualTo(published.read(name, manager));
      }
    }
  }

  @Test
  void aUNetUnderDiffusersNamesStaysAsItIs() {
    ShapesOnly unet = ShapesOnly.published("unet");
    assertThat(LdmUNetNames.areIn(unet)).isFalse();
    assertThat(LdmUNetNames.toDiffusers(unet)).isSameAs(unet);
  }

  private static Map<String, Shape> shapes(TensorFile file) {
    return ((ShapesOnly) ShapesOnly.source(file)).shapes();
  }
}
