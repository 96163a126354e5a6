package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out whether a prompt can be run, and what of it. */
@FunctionalInterface
public interface PromptCheck {

  /**
   * Checks a prompt.
   *
   * @param partialTargets the nodes that are wanted; null for all outputs
   */
  Result check(JsonObject prompt, @Nullable List<String> partialTargets);

  /**
   * What was found.
   *
   * @param error {@code {type, message, details, extra_info}}; null if it can be run
   * @param nodeErrors what is wrong with nodes, by their ids
   * @param outputs the nodes that are run, with all that they need
   */
  record Result(@Nullable JsonObject error, JsonObject nodeErrors, List<String> outputs) {}
}
