package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What validation found.
 *
 * @param prompt a copy with its values converted to the types of their inputs: what is to be run
 * @param outputs the output nodes that can be run, in the prompt's order; others may be wrong
 * @param error ComfyUI's error, {@code {type, message, details, extra_info}}; null if some output
 *     can be run
 * @param nodeErrors what is wrong by node id: {@code {errors, dependent_outputs, class_type}}
 */
public record ValidatedPrompt(
    JsonObject prompt, Set<String> outputs, @Nullable JsonObject error, JsonObject nodeErrors) {

  /** Whether there is something to run. */
  public boolean isValid() {
    return error == null;
  }

  /** The body of the answer 400. */
  public JsonObject errorJson() {
    JsonObject json = new JsonObject();
    json.add("error", error);
    json.add("node_errors", nodeErrors);
    return json;
  }
}
