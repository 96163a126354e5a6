package io.github.kolors4j.pipeline;

import static io.github.kolors4j.Golden.TINY;
import static io.github.kolors4j.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.Golden;
import io.github.kolors4j.lora.LoraException;
import io.github.kolors4j.lora.LoraFile;
import io.github.kolors4j.lora.LoraLayer;
import io.github.kolors4j.lora.UNetLayout;
import io.github.kolors4j.lora.UNetNames;
import io.github.kolors4j.weights.SafetensorsWriter;
import io.github.kolors4j.weights.TensorFile;
import io.github.kolors4j.weights.WeightFolder;
import io.github.kolors4j.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergedModelTest {
  private static final Path LORA = Golden.path("lora_files/diffsynth.ckpt");
  private static final String LAYER =
      "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.weight";

  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void free() {
    manager.close();
  }

  @Test
  void theMergedModelDrawsWhatTheModelDrawsWithItsLora() throws IOException {
    Path target = folder.resolve("models/merged");
    Prompt prompt = Prompt.of("蓝色").seed(1).steps(2).size(16, 16);
    float[] expected;
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(TINY))) {
      float[] without = pipeline.generate(prompt).latents();
      expected = pipeline.withLora(LORA, 4, 0.5).generate(prompt).latents();
      assertThat(expected).isNotEqualTo(without);
      pipeline.saveMerged(target);
    }
    try (KolorsPipeline merged = KolorsPipeline.load(ModelFolder.of(target))) {
      float[] latents = merged.generate(prompt).latents();
      assertClose("latents", manager.create(latents), manager.create(expected), 1e-4);
    }
    try (Stream<Path> beside = Files.list(target.getParent())) {
      assertThat(beside).containsExactly(target);
    }
    assertThat(target.resolve("model_index.json")).exists();
    assertThat(target.resolve("unet/config.json"))
        .hasSameBinaryContentAs(TINY.resolve("unet/config.json"));
  }

  @Test
  void aBigModelIsSpreadOverFilesWithAnIndexAsDiffusersDoes() throws IOException {
    Path target = folder.resolve("merged");
    MergedModel.of(ModelFolder.of(TINY)).withLora(LORA, 4, 1).save(target, 200_000);
    Path index = target.resolve("unet/diffusion_pytorch_model.safetensors.index.json");
    JsonObject json = JsonParser.parseString(Files.readString(index)).getAsJsonObject();
    long total = json.getAsJsonObject("metadata").get("total_size").getAsLong();
    JsonObject map = json.getAsJsonObject("weight_map");
    String first = map.get(map.keySet().iterator().next()).getAsString();
    assertThat(first).matches("diffusion_pytorch_model-\\d{5}-of-\\d{5}\\.safetensors");
    try (TensorFile written = WeightFolder.open(target.resolve("unet"));
        TensorFile original = WeightFolder.open(TINY.resolve("unet"))) {
      assertThat(written.names()).containsExactlyInAnyOrderElementsOf(original.names());
      assertThat(total)
          .isEqualTo(original.names().stream().mapToLong(n -> original.info(n).bytes()).sum());
      for (String name : original.names()) {
        NDArray before = original.read(name, manager);
        NDArray after = written.read(name, manager);
        if (name.matches(".*attn\\d\\.to_(q|k|v|out\\.0)\\.weight")) {
          assertThat(after).as(name).isNotEqualTo(before);
        } else {
          assertThat(after).as(name).isEqualTo(before);
        }
      }
    }
  }

  @Test
  void halfPrecisionStaysHalfPrecisionAndIsRoundedOnce() {
    Path half = folder.resolve("half.safetensors");
    String name = LAYER.substring(0, LAYER.length() - ".weight".length());
    try (TensorFile original = WeightFolder.open(TINY.resolve("unet"))) {
      Map<String, NDArray> tensors = new LinkedHashMap<>();
      original.names().forEach(key -> tensors.put(key, original.read(key, manager)));
      SafetensorsWriter.write(half, tensors, Map.of(), DataType.FLOAT16);
    }
    Path target = folder.resolve("merged");
    MergedModel.of(ModelFolder.of(TINY).withUnet(half)).withLora(LORA, 4, 0.5).save(target);
    UNetNames names = new UNetNames(UNetLayout.read(TINY.resolve("unet/config.json")));
    try (TensorFile before = WeightFolder.openFile(half);
        TensorFile after = WeightFolder.open(target.resolve("unet"))) {
      assertThat(after.info(LAYER).type()).isEqualTo(DataType.FLOAT16);
      LoraLayer lora = LoraFile.read(LORA, manager, names).layers().get(name);
      NDArray delta = lora.up().matMul(lora.down()).mul(0.5); // alpha 4 / rank 4 · weight 0.5
      NDArray expected = before.read(LAYER, manager).toType(DataType.FLOAT32, false).add(delta);
      assertThat(after.read(LAYER, manager)).isEqualTo(expected.toType(DataType.FLOAT16, false));
    }
  }

  @Test
  void anotherVaeGoesWithTheModel() {
    Path target = folder.resolve("merged");
    ModelFolder model = ModelFolder.of(TINY).withVae(Golden.path("vae_ldm.safetensors"));
    MergedModel.of(model).save(target);
    try (TensorFile vae = WeightFolder.open(target.resolve("vae"))) {
      assertThat(vae.names()).contains("decoder.up_blocks.0.upsamplers.0.conv.bias");
      assertThat(vae.info(vae.names().iterator().next()).type()).isEqualTo(DataType.FLOAT16);
    }
    assertThat(target.resolve("vae/config.json")).exists();
  }

  @Test
  void whatIsThereIsNotReplaced() throws IOException {
    Path note = Files.createDirectories(folder.resolve("merged")).resolve("note.txt");
    Files.writeString(note, "mine");
    assertThatThrownBy(() -> MergedModel.of(ModelFolder.of(TINY)).save(note.getParent()))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("is there already");
    assertThat(note).hasContent("mine");
  }

  @Test
  void aLoraOfAnotherModelLeavesNothingBehind() throws IOException {
    MergedModel merged =
        MergedModel.of(ModelFolder.of(TINY)).withLora(LORA, Double.NaN, 1); // states no alpha
    assertThatThrownBy(() -> merged.save(folder.resolve("merged")))
        .isInstanceOf(LoraException.class)
        .hasMessageContaining("alpha");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }
}
