package io.github.kolors4j.internal.comfy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.comfy.Workflow;
import io.github.kolors4j.comfy.WorkflowException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Whatever is posted, there is an answer in ComfyUI's shape, and never an exception. */
class MutatedPromptsTest {
  private static final Declarations NODES = PromptConversionTest.RECORDED_NODES.remembered();
  private static final int MUTATIONS = 300;

  private static final Set<String> KNOWN =
      Set.of(
          "invalid_prompt",
          "missing_node_type",
          "prompt_no_outputs",
          "prompt_outputs_failed_validation",
          "required_input_missing",
          "bad_linked_input",
          "return_type_mismatch",
          "invalid_input_type",
          "value_smaller_than_min",
          "value_bigger_than_max",
          "value_not_in_list",
          "custom_validation_failed",
          "exception_during_validation",
          "exception_during_inner_validation",
          "dependency_cycle");

  private final Random random = new Random(20_261_129);

  @Test
  void threeHundredMutatedPromptsAreAnsweredInComfyUisShape() throws ComfyJson.Malformed {
    List<String> names = List.of("kolors_example", "kolors_img2img_example", "two_outputs");
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      JsonElement prompt = PromptValidationTest.prompt(names.get(i % names.size()));
      for (int j = 0; j <= i % 4; j++) {
        prompt = mutated(prompt);
      }
      // As it comes to a server: not all that Gson can hold is JSON.
      JsonElement posted = ComfyJson.parse(ComfyJson.write(prompt));

      ValidatedPrompt found = PromptValidation.validate(posted, NODES, null);

      if (found.isValid()) {
        assertThat(found.outputs()).isNotEmpty();
      } else {
        refused++;
        assertShape(found.error());
        assertThat(found.outputs()).isEmpty();
      }
      for (String id : found.nodeErrors().keySet()) {
        JsonObject errors = found.nodeErrors().getAsJsonObject(id);
        assertThat(posted.getAsJsonObject().has(id)).as(id).isTrue();
        assertThat(errors.keySet()).containsOnly("errors", "dependent_outputs", "class_type");
        assertThat(errors.getAsJsonArray("errors")).isNotEmpty();
        errors.getAsJsonArray("errors").forEach(error -> assertShape(error.getAsJsonObject()));
      }
      String answer = ComfyJson.write(found.errorJson());
      assertThat(answer).doesNotContain("NaN").doesNotContain(":Infinity");
    }
    assertThat(refused).isBetween(MUTATIONS / 3, MUTATIONS - 5);
  }

  private static void assertShape(JsonObject error) {
    assertThat(error.keySet()).containsOnly("type", "message", "details", "extra_info");
    assertThat(KNOWN).contains(error.get("type").getAsString());
    assertThat(error.get("message").getAsString()).isNotEmpty();
    assertThat(error.get("details").isJsonPrimitive()).isTrue();
    assertThat(error.get("extra_info").isJsonObject()).isTrue();
  }

  @Test
  void threeHundredMutatedWorkflowsAreConvertedOrRefusedInWords() throws ComfyJson.Malformed {
    List<String> names =
        List.of("subgraph_nested_promoted_widgets", "primitive", "reroute", "version_1");
    int converted = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      JsonElement workflow =
          PromptConversionTest.read(
              java.nio.file.Path.of(
                  "src/test/resources/comfy/conversion/"
                      + names.get(i % names.size())
                      + ".workflow.json"));
      for (int j = 0; j <= i % 6; j++) {
        workflow = mutated(workflow);
      }
      try {
        JsonObject json = Workflow.parse(ComfyJson.write(workflow)).json();
        PromptConversion.convert(json, NODES);
        converted++;
      } catch (WorkflowException e) {
        assertThat(e.getMessage()).hasSizeGreaterThan(20);
      }
    }
    assertThat(converted).isBetween(MUTATIONS / 3, MUTATIONS - 5);
  }

  @Test
  void tenMegabytesOfNestingAreRefused() {
    for (String each : List.of("[", "{\"a\":")) {
      String deep = each.repeat(10_000_000 / each.length());
      assertThatThrownBy(() -> ComfyJson.parse(deep))
          .isInstanceOf(ComfyJson.Malformed.class)
          .hasMessageContaining("nesting depth");
      assertThatThrownBy(() -> Workflow.parse(deep)).isInstanceOf(WorkflowException.class);
    }
  }

  /** Changes one value somewhere, or takes it away, or puts another beside it. */
  private JsonElement mutated(JsonElement json) {
    List<Runnable> changes = new ArrayList<>();
    collect(json, changes);
    if (changes.isEmpty()) {
      return strange();
    }
    changes.get(random.nextInt(changes.size())).run();
    return json;
  }

  private void collect(JsonElement json, List<Runnable> changes) {
    if (json instanceof JsonObject object) {
      for (String key : List.copyOf(object.keySet())) {
        changes.add(() -> object.add(key, strange()));
        changes.add(() -> object.remove(key));
        changes.add(() -> object.add(key + strange().toString(), object.get(key)));
        collect(object.get(key), changes);
      }
    } else if (json instanceof JsonArray list) {
      for (int i = 0; i < list.size(); i++) {
        int index = i;
        changes.add(() -> list.set(index, strange()));
        changes.add(() -> list.remove(index));
        changes.add(() -> list.add(list.get(index)));
        collect(list.get(i), changes);
      }
    }
  }

  private JsonElement strange() {
    List<Supplier<JsonElement>> values =
        List.of(
            () -> JsonNull.INSTANCE,
            () -> new JsonPrimitive(true),
            () -> new JsonPrimitive(Double.NaN),
            () -> new JsonPrimitive(Double.NEGATIVE_INFINITY),
            () -> new JsonPrimitive(-1),
            () -> new JsonPrimitive(random.nextInt(20)),
            () -> new JsonPrimitive(1e300),
            () -> new JsonPrimitive(BigInteger.TEN.pow(400)),
            () -> new JsonPrimitive(""),
            () -> new JsonPrimitive("14"),
            () -> new JsonPrimitive("NodeOfNobody"),
            () -> new JsonPrimitive("\u0000\ud800\"'\\"),
            () -> new JsonPrimitive("x".repeat(20_000)),
            JsonObject::new,
            JsonArray::new,
            () -> link(new JsonPrimitive("14"), new JsonPrimitive(0)),
            () -> link(new JsonPrimitive("99"), new JsonPrimitive(0)),
            () -> link(new JsonPrimitive("6"), new JsonPrimitive(7)),
            () -> link(new JsonPrimitive(6), JsonNull.INSTANCE),
            () -> link(new JsonArray(), new JsonObject()),
            () -> nested(100));
    return values.get(random.nextInt(values.size())).get();
  }

  private static JsonArray link(JsonElement id, JsonElement slot) {
    JsonArray link = new JsonArray();
    link.add(id);
    link.add(slot);
    return link;
  }

  private static JsonArray nested(int depth) {
    JsonArray inner = new JsonArray();
    for (int i = 0; i < depth; i++) {
      JsonArray outer = new JsonArray();
      outer.add(inner);
      inner = outer;
    }
    return inner;
  }
}
