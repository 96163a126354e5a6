package io.github.kolors4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.kolors4j.Golden;
import io.github.kolors4j.JavaProcess;
import io.github.kolors4j.internal.lora.LoraAdapters;
import io.github.kolors4j.internal.lora.LoraLayer;
import io.github.kolors4j.internal.lora.LoraWeights;
import io.github.kolors4j.internal.model.UNet;
import io.github.kolors4j.internal.tensor.GradientCheckpointing;
import io.github.kolors4j.internal.tensor.TensorOperators;
import io.github.kolors4j.internal.training.AdamW;
import io.github.kolors4j.lora.Lora;
import io.github.kolors4j.pipeline.GeneratedPicture;
import io.github.kolors4j.pipeline.KolorsPipeline;
import io.github.kolors4j.pipeline.ModelFolder;
import io.github.kolors4j.pipeline.Prompt;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What is computed on one device makes no array on another. The tests run in a process that takes a
 * GPU, which is not there, for its default device: whatever is made without asking its model where
 * it lives, fails.
 */
class DeviceTest {

  @Test
  void picturesAreDrawnWhereTheModelIs() throws Exception {
    assertThat(inAProcessWithAnotherDefault("draw")).endsWith("done");
  }

  @Test
  void adaptersAreTrainedWhereTheModelIs() throws Exception {
    assertThat(inAProcessWithAnotherDefault("train")).endsWith("done");
  }

  @Test
  void anArrayOnTheOtherDefaultWouldFail() throws Exception {
    assertThat(inAProcessWithAnotherDefault("default")).contains("failed as it should");
  }

  private static String inAProcessWithAnotherDefault(String what)
      throws IOException, InterruptedException {
    Process process =
        JavaProcess.of(List.of("-XX:TieredStopAtLevel=1", "-Xmx512m"), DeviceTest.class, what)
            .redirectErrorStream(true)
            .start();
    try (InputStream output = process.getInputStream()) {
      String text = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
      assertThat(process.waitFor()).as(text).isZero();
      return text;
    }
  }

  /** The other process. */
  public static void main(String[] arguments) throws Exception {
    Field standard = Engine.class.getDeclaredField("defaultDevice");
    standard.setAccessible(true);
    standard.set(Engine.getInstance(), Device.gpu());
    switch (arguments[0]) {
      case "draw" -> draw();
      case "train" -> train();
      default -> {
        try (NDManager manager = NDManager.newBaseManager()) {
          assertThatThrownBy(() -> manager.create(1f)).isInstanceOf(EngineException.class);
          System.out.println("failed as it should");
        }
      }
    }
    System.out.println("done");
  }

  private static void draw() {
    Prompt prompt = Prompt.of("蓝色").negative("模糊").seed(1).steps(2).size(16, 16);
    try (KolorsPipeline pipeline =
        KolorsPipeline.options().device("cpu").load(ModelFolder.of(Golden.TINY))) {
      pipeline.add(Lora.of(Golden.path("lora_files/kohya.safetensors")));
      for (String sampler : List.of("Euler", "Euler a", "DPM++ 2M SDE Karras", "UniPC", "DDIM")) {
        pipeline.generate(prompt.scheduler(sampler));
      }
      GeneratedPicture first = pipeline.generate(prompt);
      pipeline.generate(prompt.startFrom(first.image(), 0.5));
    }
  }

  private static void train() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu());
        UNet unet = UNet.load(Golden.TINY.resolve("unet"), manager);
        Golden golden = new Golden("unet", manager)) {
      String layer = "down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q";
      Shape weight = unet.adaptableLayers().get(layer).weight().getShape();
      NDArray down = manager.randomNormal(new Shape(4, weight.get(1)));
      NDArray up = manager.zeros(new Shape(weight.get(0), 4), DataType.FLOAT32);
      LoraWeights lora = new LoraWeights(Map.of(layer, new LoraLayer(down, up)));
      LoraAdapters.on(unet).attach("training", lora.withAlpha(4), 1);
      AdamW optimizer =
          new AdamW(Map.of("down", down, "up", up), new AdamW.Settings(0.9, 0.999, 1e-8, 0.01));
      GradientCheckpointing checkpointing = new GradientCheckpointing();
      NDArray output =
          unet.forward(
              golden.get("square.sample"),
              golden.get("square.timestep"),
              new UNet.Conditioning(
                      golden.get("square.encoder_hidden_states"),
                      golden.get("square.text_embeds"),
                      golden.get("square.time_ids"))
                  .withoutPadding(2),
              checkpointing);
      checkpointing.backward(
          output, out -> TensorOperators.meanSquaredError(out, golden.get("square.sample")));
      optimizer.step(1e-4, 1);
      assertThat(up.abs().max().getFloat()).isPositive();
      assertThat(up.getDevice()).isEqualTo(Device.cpu());
    }
  }
}
