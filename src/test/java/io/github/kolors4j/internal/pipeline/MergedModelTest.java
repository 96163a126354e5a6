package io.github.kolors4j.internal.pipeline;

import static io.github.kolors4j.Golden.TINY;
import static io.github.kolors4j.Golden.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.Golden;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.lora.LoraFile;
import io.github.kolors4j.internal.lora.LoraLayer;
import io.github.kolors4j.internal.lora.UNetNames;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.WeightFolder;
import io.github.kolors4j.lora.Lora;
import io.github.kolors4j.lora.LoraException;
import io.github.kolors4j.pipeline.GeneratedPicture;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
      expected = pipeline.add(Lora.of(LORA).alpha(4).weight(0.5)).generate(prompt).latents();
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
    MergedModel.of(ModelFolder.of(TINY), List.of(Lora.of(LORA).alpha(4))).save(target, 200_000);
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
    MergedModel.of(ModelFolder.of(TINY).withUnet(half), List.of(Lora.of(LORA).alpha(4).weight(0.5)))
        .save(target);
    UNetNames names = new UNetNames(UNetConfig.read(TINY.resolve("unet")));
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
    MergedModel.of(model, List.of()).save(target);
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
    assertThatThrownBy(() -> MergedModel.of(ModelFolder.of(TINY), List.of()).save(note.getParent()))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("is there already");
    assertThat(note).hasContent("mine");
  }

  @Test
  void aLoraOfAnotherModelLeavesNothingBehind() throws IOException {
    MergedModel merged =
        MergedModel.of(ModelFolder.of(TINY), List.of(Lora.of(LORA))); // states no alpha
    assertThatThrownBy(() -> merged.save(folder.resolve("merged")))
        .isInstanceOf(LoraException.class)
        .hasMessageContaining("alpha");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void lengthsOfRowsAndColumnsAndConvolutionsAreMergedAsTheyAreDrawn() {
    Prompt prompt = Prompt.of("蓝色").seed(1).steps(2).size(16, 16);
    for (String name :
        List.of("dora.diffusers", "dora-columns.kohya", "dora-convolutions.kohya-sdxl")) {
      Path lora = Golden.path("interchange/" + name + ".safetensors");
      Path target = folder.resolve(name);
      float[] expected;
      try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(TINY))) {
        float[] without = pipeline.generate(prompt).latents();
        expected = pipeline.add(Lora.of(lora)).generate(prompt).latents();
        assertThat(expected).isNotEqualTo(without);
        pipeline.saveMerged(target);
      }
      try (KolorsPipeline merged = KolorsPipeline.load(ModelFolder.of(target))) {
        float[] latents = merged.generate(prompt).latents();
        assertClose(name, manager.create(latents), manager.create(expected), 1e-4);
      }
    }
  }

  @Test
  void aTextEncodersLoraIsMergedToo() throws IOException {
    Path lora = Golden.path("interchange/text-encoder.diffusers.safetensors");
    Prompt prompt = Prompt.of("蓝色").seed(1).steps(2).size(16, 16);
    Path target = folder.resolve("merged");
    float[] expected;
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(TINY))) {
      float[] unetAlone = pipeline.add(Lora.ofUnet(lora)).generate(prompt).latents();
      GeneratedPicture picture = pipeline.clearLoras().add(Lora.of(lora)).generate(prompt);
      expected = picture.latents();
      assertThat(expected).isNotEqualTo(unetAlone);
      pipeline.saveMerged(target);
      assertThat(pipeline.clearLoras().generate(prompt).latents()).isNotEqualTo(expected);
    }
    assertThat(target.resolve("text_encoder/model.safetensors")).exists();
    assertThat(target.resolve("text_encoder/config.json")).exists();
    try (Stream<Path> files = Files.list(target.resolve("text_encoder"))) {
      assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".bin"));
    }
    try (KolorsPipeline merged = KolorsPipeline.load(ModelFolder.of(target))) {
      float[] latents = merged.generate(prompt).latents();
      assertClose("latents", manager.create(latents), manager.create(expected), 1e-3);
    }
  }

  @Test
  void aTextEncoderInFewBitsTakesALoraBesideItsWeights() {
    Path lora = Golden.path("interchange/text-encoder.diffusers.safetensors");
    Prompt prompt = Prompt.of("蓝色").seed(1).steps(1).size(16, 16);
    try (KolorsPipeline pipeline =
        KolorsPipeline.options().textEncoder("int8").load(ModelFolder.of(TINY))) {
      float[] without = pipeline.generate(prompt).latents();
      float[] with = pipeline.add(Lora.ofTextEncoder(lora)).generate(prompt).latents();
      assertThat(with).isNotEqualTo(without);
    }
  }

  @Test
  void aPartThatDoesNotFitLeavesThePipelineAsItWas() {
    Path lora = folder.resolve("both.safetensors");
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    String text = "text_encoder.encoder.layers.0.self_attention.query_key_value";
    try (TensorFile good =
        WeightFolder.openFile(Golden.path("interchange/text-encoder.diffusers.safetensors"))) {
      for (String part : List.of(".lora_A.weight", ".lora_B.weight")) {
        tensors.put(text + part, good.read(text + part, manager));
      }
    }
    String layer = "unet." + LAYER.replace(".weight", "");
    tensors.put(layer + ".lora_A.weight", manager.ones(new Shape(4, 5)));
    tensors.put(layer + ".lora_B.weight", manager.ones(new Shape(5, 4)));
    SafetensorsWriter.write(lora, tensors);
    Prompt prompt = Prompt.of("蓝色").seed(1).steps(1).size(16, 16);
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(TINY))) {
      float[] before = pipeline.generate(prompt).latents();
      assertThatThrownBy(() -> pipeline.add(Lora.of(lora)))
          .isInstanceOf(LoraException.class)
          .hasMessageContaining("for another model");
      assertThat(pipeline.generate(prompt).latents()).isEqualTo(before);
    }
  }

  /** As the caches of Python's hub keep a model: folders and files are links. */
  private ModelFolder linked() throws IOException {
    Path blobs = folder.resolve("blobs");
    NewFolder.share(TINY, blobs);
    Path model = Files.createDirectories(folder.resolve("linked"));
    for (String part : List.of("unet", "vae", "text_encoder", "tokenizer")) {
      Files.createSymbolicLink(model.resolve(part), blobs.resolve(part));
    }
    String scheduler = "scheduler/scheduler_config.json";
    Files.createDirectories(model.resolve("scheduler"));
    Files.createSymbolicLink(model.resolve(scheduler), blobs.resolve(scheduler));
    return ModelFolder.of(model);
  }

  @Test
  void aModelOfLinksIsMergedWhole() throws IOException {
    Path target = folder.resolve("merged");
    MergedModel.of(linked(), List.of(Lora.of(LORA).alpha(4))).save(target);
    for (String part : List.of("unet", "vae", "text_encoder", "tokenizer", "scheduler")) {
      Set<String> expected = names(TINY.resolve(part));
      if (part.equals("unet")) {
        expected = Set.of("config.json", "diffusion_pytorch_model.safetensors");
      }
      assertThat(names(target.resolve(part))).as(part).isEqualTo(expected);
    }
    try (Stream<Path> all = Files.walk(target)) {
      assertThat(all).noneMatch(Files::isSymbolicLink);
    }
    KolorsPipeline.load(ModelFolder.of(target)).close();
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  @Test
  void linksThatLeadNowhereOrInACircleAreNamed() throws IOException {
    ModelFolder model = linked();
    Files.delete(model.root().resolve("tokenizer"));
    Path tokenizer = Files.createDirectories(model.root().resolve("tokenizer"));
    Files.copy(TINY.resolve("tokenizer/tokenizer.model"), tokenizer.resolve("tokenizer.model"));
    Path link = Files.createSymbolicLink(tokenizer.resolve("more"), folder.resolve("nowhere"));
    Path target = folder.resolve("merged");
    assertThatThrownBy(() -> MergedModel.of(model, List.of()).save(target))
        .isInstanceOf(WeightsException.class)
        .hasMessageContainingAll("more", "nowhere", "does not exist");
    Files.delete(link);
    Files.createSymbolicLink(link, tokenizer);
    assertThatThrownBy(() -> MergedModel.of(model, List.of()).save(target))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("leads back into its own folder");
    assertThat(target).doesNotExist();
  }

  @Test
  void aTargetThatIsALinkIsFollowed() throws IOException {
    Path real = Files.createDirectories(folder.resolve("disk/merged"));
    Path link = Files.createSymbolicLink(folder.resolve("merged"), real);
    MergedModel.of(ModelFolder.of(TINY), List.of()).save(link);
    assertThat(link).isSymbolicLink();
    assertThat(real.resolve("unet/config.json")).exists();
  }

  @Test
  void whatTheModelsListNamesAndItsLicenceGoAlong() throws IOException {
    ModelFolder model = linked();
    Path others = Files.createDirectories(model.root().resolve("image_encoder"));
    Files.writeString(others.resolve("config.json"), "{}");
    Files.writeString(model.root().resolve("MODEL_LICENSE"), "free");
    Files.writeString(
        model.root().resolve("model_index.json"),
        "{\"_class_name\": \"KolorsPipeline\", \"image_encoder\": [\"a\", \"b\"]}");
    Path target = folder.resolve("merged");
    MergedModel.of(model, List.of()).save(target);
    assertThat(target.resolve("image_encoder/config.json")).exists();
    assertThat(target.resolve("MODEL_LICENSE")).hasContent("free");
  }
}
