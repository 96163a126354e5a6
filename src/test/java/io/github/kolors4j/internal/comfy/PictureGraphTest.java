package io.github.kolors4j.internal.comfy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.comfy.Workflow;
import io.github.kolors4j.internal.image.PngText;
import io.github.kolors4j.pipeline.GeneratedPicture;
import io.github.kolors4j.pipeline.Prompt;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pictures that the library saves carry the graph that draws them. */
class PictureGraphTest {
  private static final Declarations NODES = PromptConversionTest.RECORDED_NODES.remembered();
  private static final BufferedImage IMAGE = new BufferedImage(96, 64, BufferedImage.TYPE_INT_RGB);

  @TempDir Path folder;

  private static Prompt drawn() {
    return Prompt.of("二次元，一个蓝色中分小男孩 \"α\"")
        .negative("丑陋、变形")
        .seed(123)
        .cfgScale(4)
        .steps(20)
        .size(96, 64)
        .scheduler("UniPCMultistepScheduler");
  }

  private Path saved(Prompt prompt, String... loras) {
    return new GeneratedPicture(IMAGE, prompt, List.of(loras), 1, List.of(), new float[8])
        .save(folder.resolve("picture.png"));
  }

  static Stream<Prompt> prompts() {
    return Stream.of(
        drawn(),
        drawn().negative(null).text("").seed(-1),
        drawn().startFrom(IMAGE, 0.4),
        drawn().startFrom(new BufferedImage(10, 10, BufferedImage.TYPE_INT_RGB), 1),
        drawn().scheduler("DDIM").toldSize(8, 8),
        drawn().asInTheCourse().text("a | b {c}"));
  }

  @ParameterizedTest
  @MethodSource("prompts")
  void theWorkflowConvertsToThePromptAndBothAreValid(Prompt prompt) throws Exception {
    Path file = saved(prompt, "boy.ckpt, alpha 2.0, weight 0.5", "style.safetensors");

    Workflow workflow = Workflow.load(file);
    JsonObject converted = PromptConversion.convert(workflow.json(), NODES);
    JsonObject carried = ComfyJson.parse(PngText.read(file).get("prompt")).getAsJsonObject();

    assertThat(workflow.isPrompt()).isFalse();
    assertThat(PythonNumbers.equal(converted, carried)).as("%s is %s", converted, carried).isTrue();
    JsonElement start = carried.deepCopy();
    start
        .getAsJsonObject()
        .entrySet()
        .forEach(
            entry -> {
              JsonObject node = entry.getValue().getAsJsonObject();
              if (node.get("class_type").getAsString().equals("LoadImage")) {
                // Its file is for the reader to put there.
                node.getAsJsonObject("inputs").addProperty("image", "example.png");
              }
            });
    ValidatedPrompt valid = PromptValidation.validate(start, offering("example.png"), null);
    assertThat(valid.errorJson()).isEqualTo(ComfyJson.parse("{\"error\":null,\"node_errors\":{}}"));
  }

  /** The recorded declarations, with a picture to load. */
  private static Declarations offering(String file) {
    return type -> {
      JsonObject declaration = NODES.declaration(type);
      if (type.equals("LoadImage") && declaration != null) {
        declaration = declaration.deepCopy();
        declaration
            .getAsJsonObject("input")
            .getAsJsonObject("required")
            .getAsJsonArray("image")
            .get(0)
            .getAsJsonArray()
            .add(file);
      }
      return declaration;
    };
  }

  @Test
  void theSamplerHasThePromptsValuesAndTheLorasStandBeforeIt() throws Exception {
    JsonObject prompt =
        ComfyJson.parse(
                PngText.read(saved(drawn(), "boy.ckpt, alpha 2.0, weight 0.5", "b.ckpt, alpha 1.0"))
                    .get("prompt"))
            .getAsJsonObject();

    JsonObject sampler = inputs(prompt, "KolorsSampler");
    assertThat(sampler.get("width").getAsInt()).isEqualTo(96);
    assertThat(sampler.get("height").getAsInt()).isEqualTo(64);
    assertThat(sampler.get("seed").getAsLong()).isEqualTo(123);
    assertThat(sampler.get("steps").getAsInt()).isEqualTo(20);
    assertThat(sampler.get("cfg").getAsDouble()).isEqualTo(4);
    assertThat(sampler.get("scheduler").getAsString()).isEqualTo("UniPCMultistepScheduler");
    JsonObject encode = inputs(prompt, "KolorsTextEncode");
    assertThat(encode.get("prompt").getAsString()).isEqualTo(drawn().text());
    assertThat(encode.get("negative_prompt").getAsString()).isEqualTo("丑陋、变形");
    JsonObject last = origin(prompt, sampler.get("kolors_model"));
    assertThat(last.getAsJsonObject("inputs").get("lora_path").getAsString()).isEqualTo("b.ckpt");
    JsonObject first = origin(prompt, last.getAsJsonObject("inputs").get("kolors_model"));
    assertThat(first.getAsJsonObject("inputs").get("lora_alpha").getAsDouble()).isEqualTo(1);
  }

  private static JsonObject inputs(JsonObject prompt, String type) {
    return prompt.entrySet().stream()
        .map(entry -> entry.getValue().getAsJsonObject())
        .filter(node -> node.get("class_type").getAsString().equals(type))
        .findFirst()
        .orElseThrow()
        .getAsJsonObject("inputs");
  }

  private static JsonObject origin(JsonObject prompt, JsonElement link) {
    return prompt.getAsJsonObject(link.getAsJsonArray().get(0).getAsString());
  }

  @Test
  void aNoteSaysWhatTheNodesCannot() {
    Prompt prompt = drawn().asInTheCourse().toldSize(1024, 1024).seed(-2).startFrom(IMAGE, 0.5);

    String workflow =
        Workflow.load(saved(prompt, "t.ckpt (text encoder), alpha 2.0")).json().toString();

    assertThat(workflow)
        .contains("\"Note\"")
        .contains("EnhancedDDIMScheduler")
        .contains("1024×1024")
        .contains("18446744073709551614")
        .contains("input/kolors4j-start.png")
        .contains("not the text encoder");
    assertThat(Workflow.load(saved(drawn())).json().toString()).doesNotContain("\"Note\"");
  }

  @Test
  void theTextsAreAsComfyUiWritesThem() throws Exception {
    String bytes = Files.readString(saved(drawn()), StandardCharsets.ISO_8859_1);

    assertThat(bytes).contains("tEXtworkflow\0{").contains("tEXtprompt\0{");
    assertThat(bytes).contains("\\u4e8c\\u6b21\\u5143");
    assertThat(bytes).contains("iTXtparameters\0");
  }
}
