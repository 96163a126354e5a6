package io.github.kolors4j.internal.comfy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.Golden;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What ComfyUI's own validation answers was recorded by comfy_validation.py. */
class PromptValidationTest {
  private static final Path RECORDED = Path.of("src/test/resources/comfy");
  private static final Declarations NODES = PromptConversionTest.RECORDED_NODES.remembered();

  static Stream<Arguments> recordedAnswers() throws IOException, ComfyJson.Malformed {
    JsonArray cases =
        ComfyJson.parse(Golden.unpacked(RECORDED.resolve("validation.json.gz"))).getAsJsonArray();
    return StreamSupport.stream(cases.spliterator(), false)
        .map(each -> Arguments.of(each.getAsJsonObject().get("name").getAsString(), each));
  }

  static JsonObject prompt(String name) {
    return PromptConversionTest.read(RECORDED.resolve("conversion/" + name + ".prompt.json"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("recordedAnswers")
  void theAnswerIsThatOfComfyUi(String name, JsonObject recorded) {
    List<String> targets =
        recorded.get("targets") instanceof JsonArray ids
            ? ids.asList().stream().map(JsonElement::getAsString).toList()
            : null;

    ValidatedPrompt found = PromptValidation.validate(recorded.get("prompt"), NODES, targets);

    JsonObject answer = new JsonObject();
    answer.add("valid", new JsonPrimitive(found.isValid()));
    answer.add("error", found.error() == null ? JsonNull.INSTANCE : found.error());
    JsonArray outputs = new JsonArray();
    found.outputs().forEach(outputs::add);
    answer.add("outputs", outputs);
    answer.add("node_errors", found.nodeErrors());
    answer.add("converted", found.isValid() ? found.prompt() : JsonNull.INSTANCE);
    for (String part : answer.keySet()) {
      assertThat(shown(answer.get(part))).as(part).isEqualTo(shown(recorded.get(part)));
    }
  }

  /** Python's way to write a value tells 5 from 5.0. */
  private static String shown(JsonElement json) {
    return PythonText.repr(sorted(json)).replace("}, {", "},\n{").replace("', '", "',\n'");
  }

  private static JsonElement sorted(JsonElement json) {
    if (json instanceof JsonObject object) {
      JsonObject sorted = new JsonObject();
      object.keySet().stream().sorted().forEach(key -> sorted.add(key, sorted(object.get(key))));
      return sorted;
    }
    if (json instanceof JsonArray list) {
      JsonArray sorted = new JsonArray();
      list.forEach(element -> sorted.add(sorted(element)));
      return sorted;
    }
    return json;
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "5", "\"text\"", "[]", "true", "{\"1\":5}", "{\"1\":null}"})
  void whatIsNoPromptIsSaidToBeNone(String json) throws ComfyJson.Malformed {
    ValidatedPrompt found = PromptValidation.validate(ComfyJson.parse(json), NODES, null);

    assertThat(found.error()).isNotNull();
    assertThat(found.error().get("type").getAsString()).isEqualTo("invalid_prompt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-Infinity", "1e999", "\"nan\""})
  void aNumberThatIsNoneIsAnErrorOfTheNode(String number) throws ComfyJson.Malformed {
    for (String input : List.of("cfg", "steps")) {
      JsonObject prompt = prompt("kolors_example");
      prompt.getAsJsonObject("14").getAsJsonObject("inputs").add(input, ComfyJson.parse(number));

      ValidatedPrompt found = PromptValidation.validate(prompt, NODES, null);

      assertThat(found.isValid()).isFalse();
      assertThat(found.nodeErrors().keySet()).containsExactly("14");
      String answer = ComfyJson.write(found.errorJson());
      assertThat(answer).contains("\"input_name\":\"" + input + "\"");
      assertThat(answer)
          .as("JSON that a browser reads")
          .doesNotContainPattern("[:,\\[](NaN|-?Inf)");
    }
  }

  @Test
  void aChainOfThousandsOfNodesIsFollowed() {
    JsonObject prompt = chain(9_990);

    assertThat(PromptValidation.validate(prompt, NODES, null).isValid()).isTrue();

    prompt.getAsJsonObject("0").getAsJsonObject("inputs").add("image", link("9989"));
    ValidatedPrompt circle = PromptValidation.validate(prompt, NODES, null);

    assertThat(circle.isValid()).isFalse();
    assertThat(circle.nodeErrors().size()).isBetween(1, 1000);
    assertThat(ComfyJson.write(circle.errorJson())).contains("dependency_cycle");
    assertThat(ComfyJson.write(circle.errorJson()).length()).isLessThan(10_000_000);
  }

  @Test
  void tooManyNodesAreRefused() {
    ValidatedPrompt found = PromptValidation.validate(chain(10_001), NODES, null);

    assertThat(found.error()).isNotNull();
    assertThat(found.error().get("details").getAsString()).contains("10,000");
  }

  private static JsonObject chain(int length) {
    JsonObject prompt = new JsonObject();
    for (int i = 0; i < length; i++) {
      JsonObject inputs = new JsonObject();
      inputs.addProperty("upscale_method", "bilinear");
      inputs.addProperty("width", 64);
      inputs.addProperty("height", 64);
      inputs.addProperty("crop", "disabled");
      inputs.add("image", link(i == 0 ? "load" : "" + (i - 1)));
      prompt.add("" + i, node("ImageScale", inputs));
    }
    JsonObject load = new JsonObject();
    load.add("image", firstChoice("LoadImage", "image"));
    prompt.add("load", node("LoadImage", load));
    JsonObject shown = new JsonObject();
    shown.add("images", link("" + (length - 1)));
    prompt.add("shown", node("PreviewImage", shown));
    return prompt;
  }

  private static JsonElement firstChoice(String type, String input) {
    JsonObject declaration = NODES.declaration(type);
    return DeclaredInput.of(declaration).stream()
        .filter(declared -> declared.name().equals(input))
        .findFirst()
        .orElseThrow()
        .choices()
        .get(0);
  }

  private static JsonArray link(String id) {
    JsonArray link = new JsonArray();
    link.add(id);
    link.add(0);
    return link;
  }

  private static JsonObject node(String type, JsonObject inputs) {
    JsonObject node = new JsonObject();
    node.addProperty("class_type", type);
    node.add("inputs", inputs);
    return node;
  }

  @Test
  void aNodesOwnCheckTakesThePlaceOfTheUsualOnes() {
    Declarations checking =
        new Declarations() {
          @Override
          public JsonObject declaration(String classType) {
            return NODES.declaration(classType);
          }

          @Override
          public InputChecks checks(String classType) {
            return classType.equals("VAELoader") ? new MissingFile() : null;
          }
        };
    JsonObject prompt = prompt("kolors_example");
    prompt.getAsJsonObject("11").getAsJsonObject("inputs").addProperty("vae_name", "gone");

    ValidatedPrompt found = PromptValidation.validate(prompt, checking, null);

    JsonArray errors = found.nodeErrors().getAsJsonObject("11").getAsJsonArray("errors");
    assertThat(errors).hasSize(1);
    JsonObject error = errors.get(0).getAsJsonObject();
    assertThat(error.get("type").getAsString()).isEqualTo("custom_validation_failed");
    assertThat(error.get("message").getAsString()).isEqualTo("Custom validation failed for node");
    assertThat(error.get("details").getAsString()).isEqualTo("vae_name - Invalid file: gone");
  }

  private static final class MissingFile implements InputChecks {
    @Override
    public Set<String> checkedInputs() {
      return Set.of("vae_name");
    }

    @Override
    public Optional<String> refusal(Map<String, JsonElement> values) {
      return Optional.of("Invalid file: " + values.get("vae_name").getAsString());
    }
  }
}
