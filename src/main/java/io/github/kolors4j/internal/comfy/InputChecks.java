package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonElement;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A node's own check of some of its inputs, which takes the place of the usual checks of range and
 * choice for these (ComfyUI's {@code VALIDATE_INPUTS}): a node that loads a file says whether it is
 * there.
 */
public interface InputChecks {
  /** The inputs that are checked. */
  Set<String> checkedInputs();

  /**
   * Checks the values.
   *
   * @param values of those inputs that the prompt gives; null in JSON for a linked one
   * @return what is wrong, empty if nothing is
   */
  Optional<String> refusal(Map<String, JsonElement> values);
}
