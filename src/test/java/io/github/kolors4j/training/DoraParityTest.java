package io.github.kolors4j.training;

import static io.github.kolors4j.Golden.TINY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.lora.LoraAdapters;
import io.github.kolors4j.internal.lora.LoraFile;
import io.github.kolors4j.internal.lora.LoraFormat;
import io.github.kolors4j.internal.lora.LoraLayer;
import io.github.kolors4j.internal.lora.LoraWeights;
import io.github.kolors4j.internal.lora.UNetNames;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.model.UNetConfig;
import io.github.kolors4j.internal.tensor.GradientCheckpointing;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.Precision;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.tensor.TorchRandom;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import io.github.kolors4j.internal.weights.TensorFile;
import io.github.kolors4j.internal.weights.WeightFolder;
import io.github.kolors4j.scheduler.NoiseSchedule;
import io.github.kolors4j.scheduler.SchedulerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DoRA on the tiny UNet against peft's {@code use_dora}. */
class DoraParityTest {
  private static final String DOWN = ".lora_A.default.weight";
  private static final String MERGED = "mid_block.attentions.0.transformer_blocks.0.attn2.to_v";

  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager();
  private final UNetNames names = new UNetNames(UNetConfig.read(TINY.resolve("unet")));
  private Golden golden;
  private Golden inputs;
  private UNet unet;
  private LoraWeights weights;

  @BeforeEach
  void load() {
    golden = new Golden("dora", manager);
    inputs = new Golden("lora", manager);
    unet = UNet.load(TINY.resolve("unet"), manager);
    Map<String, LoraLayer> layers = new LinkedHashMap<>();
    for (String name : golden.names()) {
      if (name.startsWith("weight.") && name.endsWith(DOWN)) {
        String layer = name.substring("weight.".length(), name.length() - DOWN.length());
        layers.put(layer, layer(layer));
      }
    }
    weights = new LoraWeights(layers);
  }

  private LoraLayer layer(String name) {
    return new LoraLayer(
            golden.get("weight." + name + DOWN),
            golden.get("weight." + name + ".lora_B.default.weight"))
        .withAlpha(4)
        .withMagnitude(golden.get("weight." + name + ".lora_magnitude_vector.default.weight"));
  }

  @AfterEach
  void close() {
    golden.close();
    inputs.close();
    manager.close();
  }

  private NDArray forward() {
    return unet.forward(inputs.get("latents"), manager.create(new float[] {500}), conditioning());
  }

  private UNet.Conditioning conditioning() {
    return new UNet.Conditioning(
        inputs.get("prompt_embeds"), inputs.get("pooled_prompt_embeds"), inputs.get("time_ids"));
  }

  @Test
  void thePredictionIsThatOfPeftBesideTheWeightsAndMerged() {
    LoraAdapters adapters = LoraAdapters.on(unet);
    NDArray plain = forward();
    adapters.attach("dora", weights, 1);
    Golden.assertClose("beside", forward(), golden.get("output"), 1e-5);
    adapters.merge();
    Golden.assertClose(
        "weight",
        unet.adaptableLayers().get(MERGED).weight(),
        golden.get("merged." + MERGED),
        1e-6);
    Golden.assertClose("merged", forward(), golden.get("output"), 1e-5);
    adapters.detach("dora");
    assertThat(forward().toFloatArray()).isEqualTo(plain.toFloatArray());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void lossAndGradientsAreThoseOfPeft(boolean checkpointed) {
    LoraAdapters.on(unet).attach("dora", weights, 1);
    Map<String, NDArray> parameters = LoraParameters.parameters(weights);
    parameters.values().forEach(parameter -> parameter.setRequiresGradient(true));
    float loss = backward(checkpointed);
    assertThat(loss).isCloseTo(golden.get("loss").getFloat(), within(1e-5f));
    parameters.forEach(
        (name, parameter) -> {
          NDArray expected = golden.get("grad." + name + ".default.weight");
          Golden.assertClose(name, Gradients.of(parameter), expected, 0.01);
        });
  }

  private float backward(boolean checkpointed) {
    NDArray timestep = manager.create(new float[] {500});
    if (checkpointed) {
      GradientCheckpointing checkpointing = new GradientCheckpointing();
      NDArray output = unet.forward(inputs.get("latents"), timestep, conditioning(), checkpointing);
      return checkpointing
          .backward(output, out -> TensorOperators.meanSquaredError(out, inputs.get("step0.noise")))
          .getFloat();
    }
    try (Gradients recording = Gradients.enable()) {
      NDArray loss = TensorOperators.meanSquaredError(forward(), inputs.get("step0.noise"));
      Gradients.backward(loss);
      return loss.getFloat();
    }
  }

  @Test
  void aNewAdapterHasTheLengthsThatPeftStartsFromAndChangesNothing() {
    LoraParameters.Kind dora = new LoraParameters.Kind(4, 4, true, false);
    List<String> targets = List.of("attn2.to_v", "attn2.to_out.0");
    LoraWeights fresh =
        LoraParameters.gaussian(
            unet.adaptableLayers(), name -> name, targets, dora, new TorchRandom(0), manager);
    fresh
        .layers()
        .forEach(
            (name, layer) ->
                Golden.assertClose(
                    name,
                    layer.magnitude(),
                    golden.get("start." + name + ".lora_magnitude_vector.default.weight"),
                    1e-6));
    NDArray plain = forward();
    LoraAdapters.on(unet).attach("dora", fresh, 1);
    Golden.assertClose("prediction", forward(), plain, 1e-5);
  }

  @Test
  void filesHaveTheKeysOfTheOriginals() {
    JsonObject keys = JsonParser.parseString(golden.metadata("keys")).getAsJsonObject();
    assertThat(saved(LoraFormat.PEFT)).isEqualTo(expected(keys, "diffsynth_style"));
    assertThat(saved(LoraFormat.DIFFUSERS)).isEqualTo(expected(keys, "diffusers"));
    Path peft = folder.resolve("adapter_model.safetensors");
    Map<String, NDArray> tensors = new LinkedHashMap<>();
    keys.getAsJsonArray("peft")
        .forEach(
            key -> {
              String layer = key.getAsString().replaceFirst("\\.lora_.*", "");
              LoraLayer matrices = weights.layers().get(layer);
              boolean down = key.getAsString().contains("lora_A");
              boolean up = key.getAsString().contains("lora_B");
              tensors.put(
                  key.getAsString(),
                  down ? matrices.down() : up ? matrices.up() : matrices.magnitude());
            });
    SafetensorsWriter.write(peft, tensors);
    assertSame(LoraFile.read(peft, manager, names));
  }

  private List<String> saved(LoraFormat format) {
    Path file = folder.resolve(format + ".safetensors");
    LoraFile.write(file, weights, format, names);
    try (TensorFile read = WeightFolder.openFile(file)) {
      return read.names().stream().sorted().toList();
    }
  }

  private static List<String> expected(JsonObject keys, String kind) {
    List<String> expected = new ArrayList<>();
    keys.getAsJsonArray(kind).forEach(key -> expected.add(key.getAsString()));
    return expected.stream().sorted().toList();
  }

  @ParameterizedTest
  @EnumSource(LoraFormat.class)
  void everyFormatKeepsTheMagnitudes(LoraFormat format) {
    Path file = folder.resolve("dora.safetensors");
    LoraFile.write(file, weights, format, names);
    assertSame(LoraFile.read(file, manager, names));
  }

  private void assertSame(LoraWeights read) {
    assertThat(read.layers().keySet()).isEqualTo(weights.layers().keySet());
    weights
        .layers()
        .forEach(
            (name, layer) ->
                assertThat(read.layers().get(name).magnitude().toFloatArray())
                    .as(name)
                    .isEqualTo(layer.magnitude().toFloatArray()));
  }

  @Test
  void inBfloat16ItIsTrainedToo() {
    LoraAdapters.on(unet).attach("dora", weights, 1);
    DenoisingLoss loss =
        new DenoisingLoss(
            unet,
            new NoiseSchedule(SchedulerConfig.kolors()),
            LossWeighting.UNIFORM,
            Precision.BFLOAT16,
            false);
    DenoisingLoss.Batch batch =
        new DenoisingLoss.Batch(
            inputs.get("latents"), inputs.get("step0.noise"), new int[] {500}, conditioning());
    LoraParameters.parameters(weights).values().forEach(p -> p.setRequiresGradient(true));
    assertThat(loss.backward(batch, 1)).isCloseTo(loss.evaluate(batch), within(1e-6f));
    assertThat(Gradients.of(weights.layers().get(MERGED).magnitude()).abs().max().getFloat())
        .isPositive();
  }
}
