package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks a prompt against the declarations of its nodes as ComfyUI does ({@code execution.py}), and
 * answers with ComfyUI's errors. Whatever the prompt is, there is an answer: outputs that are right
 * are run even where others are wrong.
 */
public final class PromptValidation {
  /** What a page can show; ComfyUI itself follows links no deeper than about a thousand nodes. */
  private static final int MOST_NODES = 10_000;

  private static final int LONGEST_ID = 200;

  /** How many outputs an error names as being lost by it. */
  private static final int MOST_DEPENDENT = 100;

  private final JsonObject prompt;
  private final Declarations declarations;

  private PromptValidation(JsonObject prompt, Declarations declarations) {
    this.prompt = prompt;
    this.declarations = declarations;
  }

  /**
   * Checks a prompt.
   *
   * @param prompt as it was posted, of any shape; it is not changed
   * @param targets the output nodes that are asked for ({@code partial_execution_targets}); null
   *     for all
   */
  public static ValidatedPrompt validate(
      @Nullable JsonElement prompt,
      Declarations declarations,
      @Nullable Collection<String> targets) {
    String refusal = refusal(prompt);
    if (refusal != null || !(prompt instanceof JsonObject object)) {
      JsonObject error =
          ValidationError.of(
              "invalid_prompt",
              "The prompt must be an object of nodes by their ids.",
              "" + refusal,
              new JsonObject());
      return new ValidatedPrompt(new JsonObject(), Set.of(), error, new JsonObject());
    }
    return new PromptValidation(object.deepCopy(), declarations.remembered()).validate(targets);
  }

  private static @Nullable String refusal(@Nullable JsonElement prompt) {
    if (!(prompt instanceof JsonObject nodes)) {
      return "It is " + (prompt == null ? "missing" : "a " + PythonText.typeName(prompt)) + ".";
    }
    if (nodes.size() > MOST_NODES) {
      return "It has %,d nodes; at most %,d are taken.".formatted(nodes.size(), MOST_NODES);
    }
    for (String id : nodes.keySet()) {
      if (id.length() > LONGEST_ID) {
        return "The id of a node has %,d characters: %s…"
            .formatted(id.length(), id.substring(0, LONGEST_ID));
      }
    }
    return null;
  }

  private ValidatedPrompt validate(@Nullable Collection<String> targets) {
    Set<String> outputs = new LinkedHashSet<>();
    for (Map.Entry<String, JsonElement> entry : prompt.entrySet()) {
      JsonObject error = unknownClass(entry.getKey(), entry.getValue());
      if (error != null) {
        return failed(error);
      }
      JsonObject declaration =
          declarations.declaration(
              entry.getValue().getAsJsonObject().get("class_type").getAsString());
      boolean asked = targets == null || targets.contains(entry.getKey());
      if (asked && declaration != null && JsonShape.flag(declaration, "output_node")) {
        outputs.add(entry.getKey());
      }
    }
    if (outputs.isEmpty()) {
      return failed(
          ValidationError.of("prompt_no_outputs", "Prompt has no outputs", "", new JsonObject()));
    }
    return validateOutputs(outputs);
  }

  private ValidatedPrompt failed(JsonObject error) {
    return new ValidatedPrompt(prompt, Set.of(), error, new JsonObject());
  }

  private @Nullable JsonObject unknownClass(String id, JsonElement json) {
    if (!(json instanceof JsonObject node)) {
      JsonObject extra = new JsonObject();
      extra.addProperty("node_id", id);
      return ValidationError.of(
          "invalid_prompt",
          "Node 'ID #%s' is no node: it must be an object with class_type and inputs."
              .formatted(id),
          "Node ID '#%s'".formatted(id),
          extra);
    }
    JsonElement title = JsonShape.object(node, "_meta").get("title");
    JsonElement type = node.get("class_type");
    if (type == null) {
      String shown =
          title != null && PythonNumbers.isTrue(title) ? PythonText.str(title) : "ID #" + id;
      return missing(
          "Node '%s' has no class_type. The workflow may be corrupted or a custom node is missing."
              .formatted(ValidationError.shortened(shown)),
          id,
          JsonNull.INSTANCE,
          title == null ? JsonNull.INSTANCE : title);
    }
    if (type instanceof JsonPrimitive name
        && name.isString()
        && declarations.declaration(name.getAsString()) != null) {
      return null;
    }
    JsonElement shown = title == null ? type : title;
    return missing(
        "Node '%s' not found. The custom node may not be installed."
            .formatted(ValidationError.shortened(PythonText.str(shown))),
        id,
        type,
        shown);
  }

  private static JsonObject missing(
      String message, String id, JsonElement type, JsonElement title) {
    JsonObject extra = new JsonObject();
    extra.addProperty("node_id", id);
    extra.add("class_type", ValidationError.quotable(type));
    extra.add("node_title", ValidationError.quotable(title));
    return ValidationError.of("missing_node_type", message, "Node ID '#%s'".formatted(id), extra);
  }

  private ValidatedPrompt validateOutputs(Set<String> outputs) {
    NodeValidation nodes = new NodeValidation(prompt, declarations);
    Set<String> good = new LinkedHashSet<>();
    JsonObject nodeErrors = new JsonObject();
    StringBuilder lines = new StringBuilder();
    for (String output : outputs) {
      NodeValidation.Finding finding = nodes.validate(output);
      if (finding.valid()) {
        good.add(output);
        continue;
      }
      for (JsonElement error : finding.errors()) {
        lines
            .append(lines.isEmpty() ? "" : "\n")
            .append(error.getAsJsonObject().get("message").getAsString())
            .append(": ")
            .append(error.getAsJsonObject().get("details").getAsString());
      }
      nodes.findings().forEach((id, found) -> addTo(nodeErrors, id, found, output));
    }
    JsonObject error =
        good.isEmpty()
            ? ValidationError.of(
                "prompt_outputs_failed_validation",
                "Prompt outputs failed validation",
                lines.toString(),
                new JsonObject())
            : null;
    return new ValidatedPrompt(prompt, good, error, nodeErrors);
  }

  /** A node that is wrong only because one before it is has no errors of its own. */
  private void addTo(
      JsonObject nodeErrors, String id, NodeValidation.Finding finding, String output) {
    if (finding.valid() || finding.errors().isEmpty()) {
      return;
    }
    if (!nodeErrors.has(id)) {
      JsonObject entry = new JsonObject();
      entry.add("errors", finding.errors());
      entry.add("dependent_outputs", new JsonArray());
      entry.add("class_type", prompt.getAsJsonObject(id).get("class_type"));
      nodeErrors.add(id, entry);
    }
    JsonArray dependent = nodeErrors.getAsJsonObject(id).getAsJsonArray("dependent_outputs");
    if (dependent.size() < MOST_DEPENDENT) {
      dependent.add(output);
    }
  }
}
