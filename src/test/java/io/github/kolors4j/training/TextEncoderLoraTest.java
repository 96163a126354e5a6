package io.github.kolors4j.training;

import static io.github.kolors4j.Golden.TINY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.github.kolors4j.Golden;
import io.github.kolors4j.internal.lora.LoraAdapters;
import io.github.kolors4j.internal.lora.LoraFile;
import io.github.kolors4j.internal.lora.LoraLayer;
import io.github.kolors4j.internal.lora.LoraWeights;
import io.github.kolors4j.internal.model.ChatGlm;
import io.github.kolors4j.internal.model.TokenizedPrompt;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.tensor.Checkpointing;
import io.github.kolors4j.internal.tensor.GradientCheckpointing;
import io.github.kolors4j.internal.tensor.Gradients;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.weights.SafetensorsWriter;
import io.github.kolors4j.lora.Lora;
import io.github.kolors4j.lora.LoraException;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import io.github.kolors4j.pipeline.PromptEmbeddings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** LoRA on the tiny text encoder, trained through the UNet, against peft. */
class TextEncoderLoraTest {
  private static final String DOWN = ".lora_A.default.weight";

  @TempDir Path folder;
  private final NDManager manager = NDManager.newBaseManager();
  private Golden golden;
  private Golden inputs;
  private ChatGlm encoder;
  private LoraWeights weights;

  @BeforeEach
  void load() {
    golden = new Golden("text_encoder_lora", manager);
    inputs = new Golden("lora", manager);
    encoder = ChatGlm.load(TINY.resolve("text_encoder"), manager);
    Map<String, LoraLayer> layers = new LinkedHashMap<>();
    for (String name : golden.names()) {
      if (name.startsWith("weight.") && name.endsWith(DOWN)) {
        String layer = name.substring("weight.".length(), name.length() - DOWN.length());
        NDArray up = golden.get("weight." + layer + ".lora_B.default.weight");
        layers.put(layer, new LoraLayer(golden.get(name), up).withAlpha(4));
      }
    }
    weights = new LoraWeights(layers);
    LoraAdapters.on(encoder).attach("text", weights, 1);
  }

  @AfterEach
  void close() {
    golden.close();
    inputs.close();
    manager.close();
  }

  @Test
  void theEmbeddingsAreThoseOfPeft() {
    ChatGlm.Encoding encoding =
        encoder.encode(golden.get("ids"), golden.get("mask"), golden.get("positions"));
    // Padding differs from run to run by more than tokens do, and the UNet sees both.
    Golden.assertClose("tokens", encoding.tokens(), golden.get("prompt_embeds"), 1e-4);
    Golden.assertClose("pooled", encoding.pooled(), golden.get("pooled_prompt_embeds"), 1e-4);
    ChatGlm.Encoding again =
        encoder.encode(
            golden.get("ids"), golden.get("mask"), golden.get("positions"), Checkpointing.OFF);
    assertThat(again.tokens().toFloatArray()).isEqualTo(encoding.tokens().toFloatArray());
    assertThat(again.pooled().toFloatArray()).isEqualTo(encoding.pooled().toFloatArray());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void gradientsComeThroughTheUNetAsInPeft(boolean checkpointed) {
    UNet unet = UNet.load(TINY.resolve("unet"), manager);
    Map<String, NDArray> parameters = LoraParameters.parameters(weights);
    parameters.values().forEach(parameter -> parameter.setRequiresGradient(true));
    float loss;
    if (checkpointed) {
      GradientCheckpointing checkpointing = new GradientCheckpointing();
      NDArray output = predict(unet, checkpointing);
      loss =
          checkpointing
              .backward(
                  output, out -> TensorOperators.meanSquaredError(out, inputs.get("step0.noise")))
              .getFloat();
    } else {
      try (Gradients recording = Gradients.enable()) {
        NDArray value =
            TensorOperators.meanSquaredError(
                predict(unet, Checkpointing.OFF), inputs.get("step0.noise"));
        Gradients.backward(value);
        loss = value.getFloat();
      }
    }
    assertThat(loss).isCloseTo(golden.get("loss").getFloat(), within(1e-5f));
    double squares = 0;
    double differences = 0;
    for (Map.Entry<String, NDArray> entry : parameters.entrySet()) {
      float[] expected = golden.get("grad." + entry.getKey() + ".default.weight").toFloatArray();
      float[] actual = Gradients.of(entry.getValue()).toFloatArray();
      for (int i = 0; i < expected.length; i++) {
        squares += (double) expected[i] * expected[i];
        differences += Math.pow(actual[i] - expected[i], 2);
      }
    }
    assertThat(squares).isPositive();
    assertThat(Math.sqrt(differences / squares)).as("relative L2").isLessThan(1e-3);
  }

  /** As a training does it: with the padding given once. */
  private NDArray predict(UNet unet, Checkpointing checkpointing) {
    long[] mask = golden.get("mask").toLongArray();
    TokenizedPrompt prompt =
        new TokenizedPrompt(
            golden.get("ids").toLongArray(),
            mask,
            golden.get("positions").toLongArray(),
            false,
            "");
    DenoisingLoss.Text text =
        new Captions(Map.of("caption", prompt), Map.of(), Optional.of(encoder))
            .of(List.of("caption"), inputs.get("time_ids"), manager);
    UNet.Conditioning conditioning = text.encode(checkpointing, manager);
    assertThat(conditioning.text().getShape().get(1)).isEqualTo(prompt.length() + 1);
    return unet.forward(
        inputs.get("latents"), manager.create(new float[] {500}), conditioning, checkpointing);
  }

  @Test
  void theFileComesBackAndWorksInAPipeline() {
    Path file = folder.resolve("text.safetensors");
    LoraFile.writeTextEncoder(file, weights);
    LoraWeights read = LoraFile.readTextEncoder(file, manager);
    assertThat(read.alpha()).hasValue(4);
    assertThat(read.layers().keySet())
        .isEqualTo(weights.layers().keySet())
        .contains("encoder.layers.0.self_attention.query_key_value");
    try (KolorsPipeline pipeline = KolorsPipeline.load(ModelFolder.of(TINY))) {
      Prompt prompt = Prompt.of("二次元").seed(0);
      float[] before = tokens(pipeline, prompt);
      pipeline.add(Lora.ofTextEncoder(file));
      assertThat(tokens(pipeline, prompt)).isNotEqualTo(before);
      pipeline.clearLoras();
      assertThat(tokens(pipeline, prompt)).isEqualTo(before);
    }
  }

  private static float[] tokens(KolorsPipeline pipeline, Prompt prompt) {
    try (PromptEmbeddings embeddings = pipeline.encodePrompt(prompt)) {
      return embeddings.tokens().get(new NDIndex("-1, -3:")).toFloatArray();
    }
  }

  @Test
  void aFileOfAnotherKindIsNamed() {
    Path file = folder.resolve("other.safetensors");
    SafetensorsWriter.write(file, Map.of("unet.x.lora_A.weight", manager.create(1f)));
    assertThatThrownBy(() -> LoraFile.readTextEncoder(file, manager))
        .isInstanceOf(LoraException.class)
        .hasMessageContaining("no text encoder's LoRA");
    LoraLayer layer = weights.layers().values().iterator().next();
    SafetensorsWriter.write(file, Map.of("text_encoder.x.lora_A.weight", layer.down()));
    assertThatThrownBy(() -> LoraFile.readTextEncoder(file, manager))
        .isInstanceOf(LoraException.class)
        .hasMessageContaining("lacks the up matrix of layer 'x'");
    assertThatThrownBy(
            () ->
                LoraAdapters.on(encoder)
                    .attach("wrong", new LoraWeights(Map.of("x", layer)).withAlpha(1), 1))
        .isInstanceOf(LoraException.class)
        .hasMessageContaining("this text encoder has no layer 'x'");
  }
}
