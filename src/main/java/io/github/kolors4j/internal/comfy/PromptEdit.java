package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.kolors4j.comfy.WorkflowException;
import io.github.kolors4j.internal.NearestName;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Sets a value in a prompt. */
final class PromptEdit {
  private PromptEdit() {}

  /** Changes {@code prompt}; see {@link WorkflowEdit#set}. */
  static void set(
      JsonObject prompt, Declarations declarations, String where, String name, Object value) {
    String id =
        NodeSearch.find(
            where,
            prompt.keySet(),
            each -> each,
            List.of(each -> title(prompt, each, declarations), each -> classType(prompt, each)));
    JsonObject inputs = JsonShape.object(prompt.getAsJsonObject(id), "inputs");
    JsonObject declaration = declarations.declaration(classType(prompt, id));
    List<InputSpec> specs = declaration == null ? List.of() : InputSpec.of(declaration);
    InputSpec spec =
        specs.stream().filter(each -> each.name().equals(name)).findFirst().orElse(null);
    String shown = id + " (" + title(prompt, id, declarations) + ")";
    if (spec == null && !inputs.has(name)) {
      Set<String> known = new LinkedHashSet<>(inputs.keySet());
      specs.forEach(each -> known.add(each.name()));
      throw new WorkflowException(
          "Node %s has no input \"%s\"%s It has %s."
              .formatted(shown, name, NearestName.hint(name, known), String.join(", ", known)));
    }
    if (inputs.get(name) instanceof JsonArray link) {
      throw new WorkflowException(
          "\"%s\" of node %s is filled by a link from node %s; set the value there."
              .formatted(name, shown, link.isEmpty() ? "?" : PythonText.str(link.get(0))));
    }
    JsonElement json = FieldValue.toJson(value);
    JsonElement fitting = spec == null ? json : FieldValue.fitting(json, spec, shown);
    inputs.add(name, fitting instanceof JsonArray ? wrapped(fitting) : fitting);
    prompt.getAsJsonObject(id).add("inputs", inputs);
  }

  private static JsonObject wrapped(JsonElement list) {
    JsonObject wrapper = new JsonObject();
    wrapper.add("__value__", list);
    return wrapper;
  }

  private static String classType(JsonObject prompt, String id) {
    return JsonShape.text(prompt.getAsJsonObject(id), "class_type", "");
  }

  private static String title(JsonObject prompt, String id, Declarations declarations) {
    JsonObject declaration = declarations.declaration(classType(prompt, id));
    String standard =
        declaration == null
            ? classType(prompt, id)
            : JsonShape.text(declaration, "display_name", classType(prompt, id));
    return JsonShape.text(JsonShape.object(prompt.getAsJsonObject(id), "_meta"), "title", standard);
  }
}
