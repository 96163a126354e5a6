package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out whether a prompt can be run, and what of it. */
@FunctionalInterface
public interface PromptCheck {

  /**
   * Checks a prompt.
   *
   * @param prompt as it was posted, of any shape
   * @param partialTargets the nodes that are wanted; null for all outputs
   */
  Result check(JsonElement prompt, @Nullable List<String> partialTargets);

  /**
   * What was found.
   *
   * @param prompt as it is run: values are of the types that the nodes declare
   * @param error {@code {type, message, details, extra_info}}; null if it can be run
   * @param nodeErrors what is wrong with nodes, by their ids
   * @param outputs the nodes that are run, with all that they need
   */
  record Result(
      JsonObject prompt, @Nullable JsonObject error, JsonObject nodeErrors, List<String> outputs) {}
}
