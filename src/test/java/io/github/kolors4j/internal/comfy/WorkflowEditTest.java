package io.github.kolors4j.internal.comfy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.comfy.WorkflowException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkflowEditTest {
  private static final Declarations NODES = PromptConversionTest.RECORDED_NODES.remembered();

  private static JsonObject workflow(String name) {
    return PromptConversionTest.read(
        Path.of("src/test/resources/comfy/conversion/" + name + ".workflow.json"));
  }

  private static JsonObject set(JsonObject json, String node, String field, Object value) {
    return WorkflowEdit.set(json, NODES, node, field, value);
  }

  private static JsonElement input(JsonObject workflow, String id, String name) {
    JsonObject prompt =
        WorkflowFile.isWorkflow(workflow) ? PromptConversion.convert(workflow, NODES) : workflow;
    return prompt.getAsJsonObject(id).getAsJsonObject("inputs").get(name);
  }

  @ParameterizedTest
  @CsvSource({"14", "KolorsSampler", "Kolors Sampler"})
  void aNodeIsNamedByIdClassOrTitle(String node) {
    JsonObject before = workflow("kolors_example");

    JsonObject after = set(before, node, "seed", new BigInteger("18446744073709551615"));

    assertThat(before).isEqualTo(workflow("kolors_example"));
    assertThat(input(after, "14", "seed").getAsString()).isEqualTo("18446744073709551615");
    assertThat(ComfyJson.write(after)).contains("18446744073709551615");
  }

  @Test
  void nothingElseChanges() {
    JsonObject before = workflow("kolors_example");

    JsonObject after = set(before, "KolorsSampler", "steps", 4);

    JsonObject sampler = after.getAsJsonArray("nodes").get(2).getAsJsonObject();
    assertThat(sampler.get("widgets_values").getAsJsonArray().get(4).getAsInt()).isEqualTo(4);
    JsonObject expected = before.deepCopy();
    expected
        .getAsJsonArray("nodes")
        .get(2)
        .getAsJsonObject()
        .add("widgets_values", sampler.get("widgets_values"));
    assertThat(ComfyJson.write(after)).isEqualTo(ComfyJson.write(expected));
  }

  @Test
  void aFieldThatTheFileLeavesOutIsAddedBehindTheOthers() {
    JsonObject after = set(workflow("kolors_example"), "KolorsSampler", "denoise_strength", 0.5);

    assertThat(input(after, "14", "denoise_strength").getAsDouble()).isEqualTo(0.5);
    assertThat(input(after, "14", "scheduler").getAsString()).isEqualTo("EulerDiscreteScheduler");
  }

  @Test
  void theNamedCopyOfTheValuesFollows() {
    JsonObject after = set(workflow("bypass"), "KolorsSampler", "cfg", 3);

    assertThat(input(after, "14", "cfg").getAsInt()).isEqualTo(3);
    assertThat(ComfyJson.write(after)).contains("\"cfg\":3");
  }

  @Test
  void placesOfInputsThatOnlyTakeLinksAreNotMistakenForFields() {
    JsonObject after =
        set(workflow("forced_input_with_a_place"), "ConversionProbe", "text", "another");

    String probe =
        PromptConversion.convert(after, NODES).entrySet().stream()
            .filter(
                each ->
                    each.getValue()
                        .getAsJsonObject()
                        .get("class_type")
                        .getAsString()
                        .equals("ConversionProbe"))
            .findFirst()
            .orElseThrow()
            .getKey();
    assertThat(input(after, probe, "text").getAsString()).isEqualTo("another");
    assertThat(input(after, probe, "dynamic").getAsString()).isEqualTo("dynamic");
    assertThat(input(after, probe, "ratio").getAsDouble()).isEqualTo(0.25);
    assertThat(input(after, probe, "flag").getAsBoolean()).isFalse();
  }

  @Test
  void aFieldInASubgraphIsSetWhereTheSubgraphsNodeShowsIt() {
    JsonObject after =
        set(workflow("subgraph_nested_promoted_widgets"), "KolorsSampler", "seed", 5);
    assertThat(input(after, "18:14", "seed").getAsInt()).isEqualTo(5);

    JsonObject shown = set(workflow("subgraph_promoted_widgets"), "17", "prompt", "新的");
    assertThat(input(shown, "17:12", "prompt").getAsString()).isEqualTo("新的");

    JsonObject proxy = set(workflow("subgraph_proxy_widgets"), "17", "precision", "quant4");
    assertThat(input(proxy, "17:13", "precision").getAsString()).isEqualTo("quant4");
  }

  @Test
  void aFieldInASubgraphThatIsUsedTwiceIsNotSetForBoth() {
    JsonObject twice = workflow("subgraph_twice");

    assertThatThrownBy(() -> set(twice, "17:12", "num_images_per_prompt", 2))
        .isInstanceOf(WorkflowException.class)
        .hasMessageContaining("used 2 times");
    assertThatThrownBy(() -> set(twice, "KolorsTextEncode", "prompt", "x"))
        .hasMessageContaining("2 nodes are called \"KolorsTextEncode\"")
        .hasMessageContaining("17:12");
  }

  @Test
  void aLinkedFieldIsNotSetInVain() {
    assertThatThrownBy(() -> set(workflow("primitive"), "14", "seed", 5))
        .isInstanceOf(WorkflowException.class)
        .hasMessageContaining("\"seed\" of node 14")
        .hasMessageContaining("link from node");
    assertThatThrownBy(
            () -> set(PromptValidationTest.prompt("kolors_example"), "14", "kolors_model", 5))
        .hasMessageContaining("link from node 6");
  }

  @Test
  void wrongNamesAndValuesAreExplained() {
    JsonObject workflow = workflow("kolors_example");

    assertThatThrownBy(() -> set(workflow, "KolorSampler", "seed", 1))
        .hasMessageContaining("Did you mean \"KolorsSampler\"?")
        .hasMessageContaining("14 Kolors Sampler");
    assertThatThrownBy(() -> set(workflow, "14", "step", 1))
        .hasMessageContaining("Did you mean \"steps\"?");
    assertThatThrownBy(() -> set(workflow, "14", "steps", 0))
        .hasMessageContaining("14 (Kolors Sampler).steps: Value 0 smaller than min of 1");
    assertThatThrownBy(() -> set(workflow, "14", "steps", 2.5))
        .hasMessageContaining("whole numbers, not 2.5");
    assertThatThrownBy(() -> set(workflow, "14", "steps", "many"))
        .hasMessageContaining("Failed to convert an input value to a INT value");
    assertThatThrownBy(() -> set(workflow, "14", "steps", new Object()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> set(workflow("unknown_class"), "NodeOfNobody", "a", 1))
        .hasMessageContaining("not known here");
  }

  @Test
  void valuesOfAPromptAreSetToo() {
    JsonObject prompt = PromptValidationTest.prompt("kolors_example");

    JsonObject after = set(prompt, "Kolors Text Encode", "prompt", "一只猫");
    after = set(after, "KolorsSampler", "cfg", "4.5");
    after = set(after, "14", "denoise_strength", 0.3);

    assertThat(input(after, "12", "prompt").getAsString()).isEqualTo("一只猫");
    assertThat(input(after, "14", "cfg").getAsDouble()).isEqualTo(4.5);
    assertThat(input(after, "14", "denoise_strength").getAsDouble()).isEqualTo(0.3);
    assertThatThrownBy(() -> set(prompt, "14", "nothing", 1)).hasMessageContaining("no input");
  }

  @Test
  void aListIsSetAsAValueNotAsALink() {
    JsonObject after = set(workflow("value_list"), "ConversionProbe", "several", List.of("b"));

    assertThat(ComfyJson.write(PromptConversion.convert(after, NODES)))
        .contains("\"several\":{\"__value__\":[\"b\"]}");
  }
}
