package io.github.kolors4j.training;

import static io.github.kolors4j.Golden.TINY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.Golden;
import io.github.kolors4j.KolorsException;
import io.github.kolors4j.WeightsException;
import io.github.kolors4j.internal.lora.WordFile;
import io.github.kolors4j.internal.lora.WordVectors;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.TokenizedPrompt;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.tensor.Checkpointing;
import io.github.kolors4j.internal.tensor.GradientCheckpointing;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.training.Optimizer;
import io.github.kolors4j.internal.weights.SafetensorsFile;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import io.github.kolors4j.lora.LoraException;
import io.github.kolors4j.lora.TextualInversion;
import io.github.kolors4j.pipeline.GeneratedPicture;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import io.github.kolors4j.pipeline.PromptEmbeddings;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** New words on the tiny text encoder, trained through the UNet, against diffusers' way. */
class TextualInversionTest {
  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager();
  private Golden golden;
  private Golden lora;
  private Golden text;
  private ChatGlm encoder;
  private NDArray rows;

  @BeforeEach
  void load() {
    golden = new Golden("adapters", manager);
    lora = new Golden("lora", manager);
    text = new Golden("text_encoder_lora", manager);
    encoder = ChatGlm.load(TINY.resolve("text_encoder"), manager);
    rows = golden.get("word.start");
    encoder.setNewTokens(rows);
  }

  @AfterEach
  void close() {
    golden.close();
    lora.close();
    text.close();
    manager.close();
  }

  @Test
  void thePromptsEmbeddingsAreThoseOfATableWithTheRowsAdded() {
    ChatGlm.Encoding encoding =
        encoder.encode(golden.get("word.ids"), text.get("mask"), text.get("positions"));
    NDArray expected = golden.get("word.tokens");
    Golden.assertClose("tokens", encoding.tokens(), expected, 1e-4);
    String prompt = ":, -20:";
    Golden.assertClose("prompt", encoding.tokens().get(prompt), expected.get(prompt), 1e-5);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theGradientComesThroughBothNetworksAsInPytorch(boolean checkpointed) {
    rows.setRequiresGradient(true);
    float loss = backward(UNet.load(TINY.resolve("unet"), manager), checkpointed);
    assertThat(loss).isCloseTo(golden.get("word.loss").getFloat(), within(1e-5f));
    Golden.assertClose("gradient", Gradients.of(rows), golden.get("word.grad"), 1e-5);
  }

  @Test
  void threeStepsGiveTheRowsOfDiffusersAndNoOtherWeightChanges() {
    Map<String, float[]> before = new HashMap<>();
    encoder.weights().tensors().forEach((name, w) -> before.put(name, w.toFloatArray()));
    UNet unet = UNet.load(TINY.resolve("unet"), manager);
    try (Optimizer optimizer = Optimizer.of("AdamW", Map.of("vectors", rows), 0.01)) {
      for (int step = 0; step < 3; step++) {
        backward(unet, false);
        optimizer.step(1e-2, Double.POSITIVE_INFINITY);
      }
    }
    Golden.assertClose("rows", rows, golden.get("word.trained"), 1e-4);
    assertThat(rows.toFloatArray()).isNotEqualTo(golden.get("word.start").toFloatArray());
    assertThat(before).containsKey("embedding.word_embeddings.weight");
    encoder
        .weights()
        .tensors()
        .forEach((name, w) -> assertThat(w.toFloatArray()).as(name).isEqualTo(before.get(name)));
  }

  private float backward(UNet unet, boolean checkpointed) {
    if (checkpointed) {
      GradientCheckpointing checkpointing = new GradientCheckpointing();
      NDArray output = predict(unet, checkpointing);
      return checkpointing
          .backward(output, out -> TensorOperators.meanSquaredError(out, lora.get("step0.noise")))
          .getFloat();
    }
    try (Gradients recording = Gradients.enable()) {
      NDArray loss =
          TensorOperators.meanSquaredError(
              predict(unet, Checkpointing.OFF), lora.get("step0.noise"));
      Gradients.backward(loss);
      return loss.getFloat();
    }
  }

  /** As a training does it: with the padding given once. */
  private NDArray predict(UNet unet, Checkpointing checkpointing) {
    TokenizedPrompt prompt =
        new TokenizedPrompt(
            golden.get("word.ids").toLongArray(),
            text.get("mask").toLongArray(),
            text.get("positions").toLongArray(),
            false,
            "");
    DenoisingLoss.Text encoded =
        new Captions(Map.of("caption", prompt), Map.of(), Optional.of(encoder))
            .of(List.of("caption"), lora.get("time_ids"), manager);
    UNet.Conditioning conditioning = encoded.encode(checkpointing, manager);
    return unet.forward(
        lora.get("latents"), manager.create(new float[] {500}), conditioning, checkpointing);
  }

  @ParameterizedTest
  @CsvSource({
    "diffusers_word.safetensors, <ink>",
    "webui_word.safetensors, webui_word",
    "webui_word.pt, ink-style"
  })
  void filesOfDiffusersAndOfTheWebUiAreRead(String name, String word) {
    WordVectors read = WordFile.read(Golden.path("adapters/" + name), manager);
    assertThat(read.word()).isEqualTo(word);
    assertThat(read.vectors().toFloatArray()).isEqualTo(golden.get("word.trained").toFloatArray());
  }

  @Test
  void whatIsWrittenIsDiffusersLayout() {
    Path file = folder.resolve("ink.safetensors");
    WordFile.write(file, new WordVectors("<ink>", rows));
    try (SafetensorsFile written = SafetensorsFile.open(file)) {
      assertThat(written.names()).containsExactly("<ink>");
      assertThat(written.info("<ink>").shape()).isEqualTo(rows.getShape());
    }
    assertThat(WordFile.read(file, manager).vectors().toFloatArray())
        .isEqualTo(rows.toFloatArray());
  }

  @Test
  void aPromptUsesANewWordLikeAnyOther() {
    TextualInversion ink = TextualInversion.of(Golden.path("adapters/diffusers_word.safetensors"));
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(TINY))) {
      Prompt prompt = Prompt.of("<ink>，男孩").seed(0).size(32, 32).steps(2);
      float[] before = tokens(pipeline, prompt);
      assertThat(pipeline.add(ink)).isSameAs(pipeline);
      assertThat(pipeline.tokenizer().pieces("<ink>，男孩")).startsWith("<ink>", "<ink>_1");
      assertThat(pipeline.tokenizer().decode(pipeline.tokenizer().encode("<ink>").inputIds()))
          .isEqualTo("<ink><ink>_1");
      float[] with = tokens(pipeline, prompt);
      assertThat(with).isNotEqualTo(before);
      // The word alone is all of its tokens.
      assertThat(tokens(pipeline, prompt.text("<ink><ink>_1，男孩"))).isNotEqualTo(with);
      pipeline.add(TextualInversion.of(new WordVectors("[other]", rows)));
      assertThat(tokens(pipeline, prompt)).isEqualTo(with);
      assertThat(tokens(pipeline, prompt.text("[other]，男孩"))).isNotEqualTo(with);

      GeneratedPicture picture = pipeline.generate(prompt);
      assertThat(picture.adapters()).containsExactly("word <ink>", "word [other]");
      assertThatThrownBy(() -> pipeline.saveMerged(folder.resolve("merged")))
          .isInstanceOf(WeightsException.class)
          .hasMessageContaining("clearAdapters");
      assertThat(tokens(pipeline.clearAdapters(), prompt)).isEqualTo(before);
    }
  }

  private static float[] tokens(KolorsPipeline pipeline, Prompt prompt) {
    try (PromptEmbeddings embeddings = pipeline.encodePrompt(prompt)) {
      return embeddings.tokens().get("-1, -2:").toFloatArray();
    }
  }

  @Test
  void aWordThatExistsOrDoesNotFitIsRefusedAndNothingChanges() {
    TextualInversion ink = TextualInversion.of(Golden.path("adapters/diffusers_word.safetensors"));
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(TINY))) {
      String known = pipeline.tokenizer().pieces("picture").get(0).replace("▁", "");
      for (String word : List.of(known, "sop", "</s>")) {
        assertThatThrownBy(() -> pipeline.add(ink.word(word)))
            .isInstanceOf(KolorsException.class)
            .hasMessageContaining("The word '" + word + "' exists already");
      }
      pipeline.add(ink);
      for (String word : List.of("<ink>", "<ink>_1")) {
        assertThatThrownBy(() -> pipeline.add(ink.word(word)))
            .hasMessageContaining("The word '" + word + "' exists already");
      }
      assertThatThrownBy(() -> pipeline.add(ink.word(" ink")))
          .hasMessageContaining("no space at its ends");
      WordVectors wide = new WordVectors("<wide>", manager.ones(new Shape(1, 768)));
      assertThatThrownBy(() -> pipeline.add(TextualInversion.of(wide)))
          .isInstanceOf(LoraException.class)
          .hasMessageContaining("have 768 numbers, but this text encoder's have 32");
      assertThat(pipeline.toString()).contains("word <ink>").doesNotContain("wide");
    }
  }

  @Test
  void aFileForTwoTextEncodersIsRefused() {
    Path file = folder.resolve("sdxl.safetensors");
    SafetensorsWriter.write(file, Map.of("clip_g", rows, "clip_l", rows));
    assertThatThrownBy(() -> WordFile.read(file, manager))
        .isInstanceOf(LoraException.class)
        .hasMessageContaining("one for each CLIP");
  }

  private TextualInversionTraining training(Path dataset) {
    return TextualInversionTraining.on(TINY)
        .word("<ink>")
        .vectors(2)
        .dataset(dataset)
        .outputPath(folder.resolve("models"))
        .height(32)
        .width(32)
        .learningRate(1e-2)
        .seed(7)
        .stepsPerEpoch(4);
  }

  @Test
  void aStoppedTrainingGoesOnAsIfItHadNotBeenAndItsWordIsAFileOfItsOwn() throws IOException {
    Path dataset = Files.createDirectories(folder.resolve("data"));
    LoraTrainingTest.draw(dataset, 4);
    TextualInversionTraining training = training(dataset).validation(2, 1).captionDropout(0.3);
    LoraRun whole = training.train();
    LoraRun part = LoraTrainingTest.stoppedAfter(training, 2);
    assertThat(part.finished()).isFalse();
    LoraRun resumed = training.resume(part.folder()).train();
    assertThat(resumed.losses()).isEqualTo(whole.losses());
    assertThat(resumed.validationLosses()).isEqualTo(whole.validationLosses());
    assertThat(resumed.checkpoint())
        .hasFileName("epoch=0-step=4.safetensors")
        .hasSameBinaryContentAs(whole.checkpoint());
    assertThat(whole.folder().resolve("hparams.yaml"))
        .content()
        .contains("placeholder_token: <ink>", "initializer_token: 画")
        .doesNotContain("lora_rank");
    WordVectors word = WordFile.read(whole.checkpoint(), manager);
    assertThat(word.word()).isEqualTo("<ink>");
    float[] values = word.vectors().toFloatArray();
    assertThat(List.of(values[0], values[32])).doesNotHaveDuplicates(); // they part as they learn
  }

  @Test
  void aSamplePictureIsDrawnWithTheWordAsItIsThen() throws IOException {
    Path dataset = Files.createDirectories(folder.resolve("data"));
    LoraTrainingTest.draw(dataset, 2);
    Map<Long, Integer> drawn = new TreeMap<>();
    training(dataset)
        .learningRate(0.5)
        .samplePicture(2, Prompt.of("<ink>").size(32, 32).steps(2).seed(0))
        .listener(
            new TrainingListener() {
              @Override
              public void sample(long step, BufferedImage picture) {
                drawn.put(step, Arrays.hashCode(picture.getRGB(0, 0, 32, 32, null, 0, 32)));
              }
            })
        .train();
    assertThat(drawn).containsOnlyKeys(0L, 2L, 4L);
    assertThat(drawn.values()).doesNotHaveDuplicates();
  }

  @Test
  void whatCannotStartIsNamedBeforeAnythingIsEncoded() throws IOException {
    Path dataset = Files.createDirectories(folder.resolve("data"));
    LoraTrainingTest.draw(dataset, 2);
    assertThatThrownBy(() -> training(dataset).initializedFrom("蓝色头发的男孩").train())
        .isInstanceOf(KolorsException.class)
        .hasMessageContaining("must be one token");
    assertThatThrownBy(() -> training(dataset).word("画").train())
        .isInstanceOf(KolorsException.class)
        .hasMessageContaining("exists already");
    assertThatThrownBy(() -> training(dataset).word(""))
        .hasMessageContaining("1 to 100 characters");
    assertThatThrownBy(() -> training(dataset).vectors(0)).hasMessageContaining("no token");
  }
}
