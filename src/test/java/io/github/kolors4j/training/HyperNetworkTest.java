package io.github.kolors4j.training;

import static io.github.kolors4j.Golden.TINY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.lora.Dropout;
import io.github.kolors4j.internal.lora.HyperNetworkFile;
import io.github.kolors4j.internal.lora.HyperNetworkWeights;
import io.github.kolors4j.internal.lora.HyperNetworks;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.tensor.Checkpointing;
import io.github.kolors4j.internal.tensor.GradientCheckpointing;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.training.Optimizer;
import io.github.kolors4j.internal.weights.TorchWriter;
import io.github.kolors4j.lora.HyperNetwork;
import io.github.kolors4j.lora.LoraException;
import io.github.kolors4j.pipeline.GeneratedPicture;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hypernetworks on the tiny UNet, against torch's modules built as the web UI builds them. */
class HyperNetworkTest {
  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager();
  private Golden golden;
  private Golden lora;
  private UNet unet;

  @BeforeEach
  void load() {
    golden = new Golden("adapters", manager);
    lora = new Golden("lora", manager);
    unet = UNet.load(TINY.resolve("unet"), manager);
  }

  @AfterEach
  void close() {
    golden.close();
    lora.close();
    manager.close();
  }

  private HyperNetworkWeights read(String name) {
    return HyperNetworkFile.read(Golden.path("adapters/" + name + ".pt"), manager);
  }

  private NDArray predict(Checkpointing checkpointing) {
    UNet.Conditioning conditioning =
        new UNet.Conditioning(
            lora.get("prompt_embeds"), lora.get("pooled_prompt_embeds"), lora.get("time_ids"));
    return unet.forward(
        lora.get("latents"), manager.create(new float[] {500}), conditioning, checkpointing);
  }

  @ParameterizedTest
  @CsvSource({"plain, plain", "older, plain", "deep, deep", "swish, swish"})
  void aFileOfTorchGivesTorchsOutputHereAndAfterItWasWrittenHere(String name, String as) {
    Path copy = folder.resolve("copy.pt");
    HyperNetworkFile.write(copy, read(name), 7);
    for (HyperNetworkWeights weights : List.of(read(name), HyperNetworkFile.read(copy, manager))) {
      for (String strength : List.of("1.0", "0.6")) {
        HyperNetworks place = HyperNetworks.on(unet);
        float[] before = predict(Checkpointing.OFF).toFloatArray();
        place.attach("it", weights, Double.parseDouble(strength), new Dropout());
        Golden.assertClose(
            name, predict(Checkpointing.OFF), golden.get(as + ".output." + strength), 1e-5);
        place.detach("it");
        assertThat(predict(Checkpointing.OFF).toFloatArray()).isEqualTo(before);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"plain, false", "deep, false", "swish, false", "deep, true"})
  void gradientsAndTwoStepsAreThoseOfTorch(String name, boolean checkpointed) {
    Map<String, float[]> base = new HashMap<>();
    unet.weights().tensors().forEach((key, w) -> base.put(key, w.toFloatArray()));
    HyperNetworkWeights weights = read(name);
    HyperNetworks.on(unet).attach("it", weights, 1, new Dropout());
    Map<String, NDArray> parameters = weights.parameters();
    try (Optimizer optimizer = Optimizer.of("AdamW", parameters, 0.01)) {
      for (int step = 0; step < 2; step++) {
        float loss = backward(checkpointed);
        if (step == 0) {
          assertThat(loss).isCloseTo(golden.get(name + ".loss").getFloat(), within(1e-5f));
          double largest =
              parameters.keySet().stream()
                  .mapToDouble(key -> golden.get(name + ".grad." + key).abs().max().getFloat())
                  .max()
                  .orElseThrow();
          parameters.forEach(
              (key, parameter) -> {
                NDArray expected = golden.get(name + ".grad." + key);
                double apart =
                    Gradients.of(parameter).sub(expected).abs().max().getFloat() / largest;
                assertThat(apart).as(key).isLessThan(1e-5);
              });
        }
        optimizer.step(1e-3, Double.POSITIVE_INFINITY);
      }
    }
    parameters.forEach((key, parameter) -> requireTrained(name, key, parameter));
    unet.weights()
        .tensors()
        .forEach((key, w) -> assertThat(w.toFloatArray()).as(key).isEqualTo(base.get(key)));
  }

  /**
   * Where there is hardly a gradient, as for what all keys have in common, AdamW makes steps of
   * full length from noise: these numbers do not count.
   */
  private void requireTrained(String name, String key, NDArray parameter) {
    float[] gradient = golden.get(name + ".grad." + key).toFloatArray();
    float[] expected = golden.get(name + ".trained." + key).toFloatArray();
    float[] actual = parameter.toFloatArray();
    for (int i = 0; i < expected.length; i++) {
      if (Math.abs(gradient[i]) > 1e-5) {
        assertThat(actual[i]).as(key).isCloseTo(expected[i], within(1e-5f));
      }
    }
  }

  private float backward(boolean checkpointed) {
    if (checkpointed) {
      GradientCheckpointing checkpointing = new GradientCheckpointing();
      NDArray output = predict(checkpointing);
      return checkpointing
          .backward(output, out -> TensorOperators.meanSquaredError(out, lora.get("step0.noise")))
          .getFloat();
    }
    try (Gradients recording = Gradients.enable()) {
      NDArray loss =
          TensorOperators.meanSquaredError(predict(Checkpointing.OFF), lora.get("step0.noise"));
      Gradients.backward(loss);
      return loss.getFloat();
    }
  }

  @Test
  void dropoutDropsTheSameTwiceInOneBatchOtherNumbersInTheNextAndNoneAfterwards() {
    Dropout dropout = new Dropout();
    HyperNetworks.on(unet).attach("it", read("deep"), 1, dropout);
    float[] without = predict(Checkpointing.OFF).toFloatArray();
    dropout.begin(1);
    float[] first = predict(Checkpointing.OFF).toFloatArray();
    assertThat(predict(Checkpointing.OFF).toFloatArray()).isEqualTo(first);
    assertThat(first).isNotEqualTo(without);
    dropout.begin(2);
    assertThat(predict(Checkpointing.OFF).toFloatArray()).isNotEqualTo(first);
    dropout.end();
    assertThat(predict(Checkpointing.OFF).toFloatArray()).isEqualTo(without);
  }

  @Test
  void aPipelineTakesItOnAndOff() {
    HyperNetwork deep = HyperNetwork.of(Golden.path("adapters/deep.pt"));
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(TINY))) {
      Prompt prompt = Prompt.of("男孩").seed(0).size(32, 32).steps(2);
      float[] before = pipeline.generate(prompt).latents();
      GeneratedPicture half = pipeline.add(deep.strength(0.5)).generate(prompt);
      assertThat(half.latents()).isNotEqualTo(before);
      assertThat(half.adapters()).containsExactly("hypernetwork deep.pt, strength 0.5");
      float[] both = pipeline.add(deep.strength(0.5)).generate(prompt).latents();
      assertThat(both).isNotEqualTo(half.latents());
      assertThat(pipeline.clearAdapters().generate(prompt).latents()).isEqualTo(before);
      assertThat(pipeline.add(deep.strength(0)).generate(prompt).latents()).isEqualTo(before);
    }
    assertThatThrownBy(() -> deep.strength(Double.NaN)).hasMessageContaining("usually from 0 to 1");
  }

  @Test
  void whatIsNoHypernetworkForThisModelIsRefused() {
    Path file = folder.resolve("other.pt");
    TorchWriter.write(file, Map.of("x.lora_A.weight", manager.ones(new Shape(2))));
    assertThatThrownBy(() -> HyperNetworkFile.read(file, manager))
        .isInstanceOf(LoraException.class)
        .hasMessageContaining("is no hypernetwork: it has 'x.lora_A.weight'");
    TorchWriter.writeObject(
        file,
        Map.of(768, new TorchWriter.Tuple(List.of(Map.of(), Map.of())), "activation_func", "sine"));
    assertThatThrownBy(() -> HyperNetworkFile.read(file, manager))
        .hasMessageContaining("activation is one of linear, relu")
        .hasMessageContaining("not 'sine'");
    TorchWriter.writeObject(
        file,
        Map.of(
            768,
            new TorchWriter.Tuple(
                List.of(Map.of("linear.0.weight", manager.ones(new Shape(2, 2))), Map.of()))));
    assertThatThrownBy(() -> HyperNetworkFile.read(file, manager))
        .hasMessageContaining("'768.0.linear.0.weight' should be (1536, 768)")
        .hasMessageContaining("is (2, 2)");
  }

  private HyperNetworkTraining training(Path dataset) {
    return HyperNetworkTraining.on(TINY)
        .dataset(dataset)
        .outputPath(folder.resolve("models"))
        .height(32)
        .width(32)
        .learningRate(1e-3)
        .seed(7)
        .stepsPerEpoch(4);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStoppedTrainingGoesOnAsIfItHadNotBeen(boolean checkpointed) throws IOException {
    Path dataset = Files.createDirectories(folder.resolve("data"));
    LoraTrainingTest.draw(dataset, 2);
    HyperNetworkTraining training =
        training(dataset)
            .layerStructure(1, 2, 1.5, 1)
            .activation("relu")
            .layerNorm(true)
            .dropout(true)
            .useGradientCheckpointing(checkpointed)
            .stepsPerEpoch(3)
            .validation(2, 1);
    LoraRun whole = training.train();
    LoraRun part = LoraTrainingTest.stoppedAfter(training, 1);
    assertThat(part.steps()).isEqualTo(2); // asked before the listener hears of a step
    LoraRun resumed = training.resume(part.folder()).train();
    assertThat(resumed.losses()).isEqualTo(whole.losses());
    assertThat(resumed.validationLosses()).isEqualTo(whole.validationLosses());
    assertThat(resumed.checkpoint())
        .hasFileName("epoch=0-step=3.pt")
        .hasSameBinaryContentAs(whole.checkpoint());
    HyperNetworkWeights read = HyperNetworkFile.read(whole.checkpoint(), manager);
    assertThat(read.structure().multiples()).containsExactly(1.0, 2.0, 1.5, 1.0);
    assertThat(read.structure().dropouts()).containsExactly(0.0, 0.3, 0.3, 0.0);
    assertThat(read.widths()).isEqualTo(HyperNetworks.on(unet).widths());
    assertThat(whole.folder().resolve("hparams.yaml"))
        .content()
        .contains("activation_func: relu")
        .doesNotContain("lora_rank");
    assertThatThrownBy(() -> training.activation("elu").resume(part.folder()).train())
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("activation_func");
  }

  @Test
  void anAverageIsKeptAndTheLossFalls() throws IOException {
    Path dataset = Files.createDirectories(folder.resolve("data"));
    LoraTrainingTest.draw(dataset, 4);
    LoraRun run = training(dataset).stepsPerEpoch(40).emaDecay(0.9).validation(40, 1).train();
    assertThat(run.validationLosses().get(40L)).isLessThan(run.validationLosses().get(0L));
  }

  @Test
  void aSizeThatTheUNetLacksIsNamed() throws IOException {
    Path dataset = Files.createDirectories(folder.resolve("data"));
    LoraTrainingTest.draw(dataset, 2);
    assertThatThrownBy(() -> training(dataset).sizes(768).train())
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("[768]");
    assertThatThrownBy(() -> training(dataset).layerStructure(1, 2))
        .isInstanceOf(LoraException.class)
        .hasMessageContaining("begins and ends with 1");
    assertThatThrownBy(() -> training(dataset).activation("sine"))
        .hasMessageContaining("not 'sine'");
  }
}
