package io.github.kolors4j.internal.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightFolderTest {

  private static final Path TINY = Path.of("src/test/resources/golden/kolors-tiny");

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

  @Test
  void shardsAreJoinedByTheirIndex() {
    try (TensorFile file = WeightFolder.open(TINY.resolve("text_encoder"))) {
      assertThat(file.names()).hasSize(25);
      assertThat(file.info("embedding.word_embeddings.weight").shape())
          .isEqualTo(new Shape(65024, 32));
      assertThat(file.read("encoder.layers.0.mlp.dense_4h_to_h.weight", manager).getShape())
          .isEqualTo(new Shape(32, 88));
      assertThat(file.read("encoder.final_layernorm.weight", manager).getShape())
          .isEqualTo(new Shape(32));
    }
  }

  @Test
  void theSingleFileOfANetworkIsOpened() {
    try (TensorFile unet = WeightFolder.open(TINY.resolve("unet"))) {
      assertThat(unet.names()).contains("conv_in.weight", "encoder_hid_proj.weight");
    }
  }

  @Test
  void aVariantIsPreferredWhereItIsThereAndNotMissedWhereItIsNot() {
    write("model.safetensors", "full");
    write("model.fp16.safetensors", "half");
    assertThat(names(WeightFolder.open(folder))).containsExactly("full");
    assertThat(names(WeightFolder.open(folder, "fp16"))).containsExactly("half");
    assertThat(names(WeightFolder.open(folder, "ema"))).containsExactly("full");
  }

  @Test
  void theVariantIsTakenIfItIsAllThereIs() {
    write("diffusion_pytorch_model.fp16.safetensors", "half");
    assertThat(names(WeightFolder.open(folder))).containsExactly("half");
  }

  @Test
  void safetensorsComeBeforePickles() {
    TorchWriter.write(folder.resolve("pytorch_model.bin"), Map.of("pickle", manager.create(1f)));
    assertThat(names(WeightFolder.open(folder))).containsExactly("pickle");
    write("diffusion_pytorch_model.safetensors", "safe");
    assertThat(names(WeightFolder.open(folder))).containsExactly("safe");
  }

  @Test
  void safetensorsShardsAreJoined() throws IOException {
    write("a.safetensors", "x");
    write("b.safetensors", "y");
    index("model.safetensors.index.json", "x", "a.safetensors", "y", "b.safetensors");
    try (TensorFile file = WeightFolder.open(folder)) {
      assertThat(file.names()).containsExactly("x", "y");
      assertThat(file.read("y", manager).toFloatArray()).containsExactly(1);
    }
  }

  @Test
  void aMissingShardIsNamed() throws IOException {
    write("a.safetensors", "x");
    index("model.safetensors.index.json", "x", "a.safetensors", "y", "b.safetensors");
    assertThatThrownBy(() -> WeightFolder.open(folder))
        .isInstanceOf(WeightsException.class)
        .hasMessageContainingAll("b.safetensors is missing", "model.safetensors.index.json");
  }

  @Test
  void anIndexThatNamesTheWrongShardIsRefused() throws IOException {
    write("a.safetensors", "x");
    write("b.safetensors", "y");
    index("model.safetensors.index.json", "x", "b.safetensors", "y", "b.safetensors");
    assertThatThrownBy(() -> WeightFolder.open(folder))
        .isInstanceOf(WeightsException.class)
        .hasMessageContainingAll("'x' is in b.safetensors, but it is not");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../secret.bin", "/etc/passwd", "..", "sub/x.bin", "..\\\\x.bin", ""})
  void aShardOutsideTheFolderIsNotOpened(String shard) throws IOException {
    index("pytorch_model.bin.index.json", "x", shard);
    assertThatThrownBy(() -> WeightFolder.open(folder))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("outside its folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{\"weight_map\": 3}", "{\"weight_map\": {\"x\": {}}}"})
  void anIndexThatIsNoIndexIsRefused(String json) throws IOException {
    Files.writeString(folder.resolve("pytorch_model.bin.index.json"), json);
    assertThatThrownBy(() -> WeightFolder.open(folder))
        .isInstanceOf(WeightsException.class)
        .hasMessageContainingAll("pytorch_model.bin.index.json", "download it again");
  }

  @Test
  void aFolderWithoutWeightsSaysWhatWasLookedFor() {
    assertThatThrownBy(() -> WeightFolder.open(folder))
        .isInstanceOf(WeightsException.class)
        .hasMessageContainingAll(folder.toString(), "diffusion_pytorch_model.safetensors");
  }

  @Test
  void anUnknownNameIsAnsweredWithTheNearest() {
    try (TensorFile file = WeightFolder.open(TINY.resolve("text_encoder"))) {
      assertThatThrownBy(() -> file.read("encoder.final_layer_norm.weight", manager))
          .hasMessageContaining("nearest name is 'encoder.final_layernorm.weight'");
    }
  }

  private void write(String file, String tensor) {
    NDArray one = manager.create(new float[] {1});
    SafetensorsWriter.write(folder.resolve(file), Map.of(tensor, one));
  }

  private void index(String name, String... tensorsAndShards) throws IOException {
    StringBuilder map = new StringBuilder();
    for (int i = 0; i < tensorsAndShards.length; i += 2) {
      map.append(i == 0 ? "" : ",")
          .append("\"%s\":\"%s\"".formatted(tensorsAndShards[i], tensorsAndShards[i + 1]));
    }
    Files.writeString(folder.resolve(name), "{\"weight_map\":{" + map + "}}");
  }

  private static Iterable<String> names(TensorFile file) {
    try (file) {
      return file.names();
    }
  }
}
