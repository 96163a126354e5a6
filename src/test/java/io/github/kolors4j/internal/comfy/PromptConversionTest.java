package io.github.kolors4j.internal.comfy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.comfy.NodeCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the real page posts was recorded for each workflow: see comfy/conversion/README.md. */
class PromptConversionTest {
  private static final Path RECORDED = Path.of("src/test/resources/comfy/conversion");

  static final Declarations RECORDED_NODES =
      type ->
          read(RECORDED.resolve("object_info.json")).get(type) instanceof JsonObject declaration
              ? declaration
              : null;

  static JsonObject read(Path file) {
    try {
      return ComfyJson.parse(Files.readString(file)).getAsJsonObject();
    } catch (IOException | ComfyJson.Malformed e) {
      throw new IllegalStateException(file.toString(), e);
    }
  }

  static List<String> recordedWorkflows() throws IOException {
    try (Stream<Path> files = Files.list(RECORDED)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".workflow.json"))
          .map(name -> name.substring(0, name.indexOf('.')))
          .sorted()
          .toList();
    }
  }

  @Test
  void moreThanTwelveWorkflowsWereRecorded() throws IOException {
    assertThat(recordedWorkflows())
        .hasSizeGreaterThan(12)
        .contains("kolors_example", "kolors_img2img_example", "kolors_with_lora_example");
  }

  @ParameterizedTest
  @MethodSource("recordedWorkflows")
  void aPromptIsWhatThePagePosts(String name) {
    JsonObject posted = read(RECORDED.resolve(name + ".prompt.json"));
    JsonObject workflow = read(RECORDED.resolve(name + ".workflow.json"));

    JsonObject converted = PromptConversion.convert(workflow, RECORDED_NODES);

    if (name.equals("unknown_class")) {
      // The page leaves the class out, and what it posts does not say which node is missing.
      assertThat(posted.getAsJsonObject("3").has("class_type")).isFalse();
      assertThat(converted.getAsJsonObject("3").get("class_type").getAsString())
          .isEqualTo("NodeOfNobody");
      posted.remove("3");
      converted.remove("3");
    }
    assertThat(ComfyJson.writeIndented(sorted(converted)))
        .isEqualTo(ComfyJson.writeIndented(sorted(posted)));
  }

  /** The library's own nodes are declared as those that the page had when it was recorded. */
  @Test
  void theInstalledNodesGiveTheSamePrompts(@TempDir Path folder) throws IOException {
    NodeCatalogue installed = NodeCatalogue.load(new ComfyFolders(folder));
    int compared = 0;
    for (String name : recordedWorkflows()) {
      JsonObject workflow = read(RECORDED.resolve(name + ".workflow.json"));
      String text = workflow.toString();
      if (!text.contains("ConversionProbe") && !text.contains("NodeOfNobody")) {
        JsonObject posted = read(RECORDED.resolve(name + ".prompt.json"));
        assertThat(sorted(PromptConversion.convert(workflow, installed)))
            .as(name)
            .isEqualTo(sorted(posted));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(20);
  }

  /** Names in order, and numbers as JavaScript compares them. */
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
    return JsonShape.isNumber(json) ? new com.google.gson.JsonPrimitive(json.getAsDouble()) : json;
  }
}
