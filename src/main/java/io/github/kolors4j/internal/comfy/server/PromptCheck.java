package io.github.kolors4j.internal.comfy.server;

import com.google.gson.JsonElement;
import io.github.kolors4j.internal.comfy.Declarations;
import io.github.kolors4j.internal.comfy.PromptValidation;
import io.github.kolors4j.internal.comfy.ValidatedPrompt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds out whether a prompt can be run: {@link PromptValidation}, or a stand-in of a test. */
@FunctionalInterface
public interface PromptCheck {

  /**
   * Checks a prompt.
   *
   * @param prompt as it was posted, of any shape
   * @param partialTargets the nodes that are wanted; null for all outputs
   */
  ValidatedPrompt check(JsonElement prompt, @Nullable List<String> partialTargets);

  /** The real one. */
  static PromptCheck of(Declarations declarations) {
    return (prompt, targets) -> PromptValidation.validate(prompt, declarations, targets);
  }
}
