package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import org.jspecify.annotations.Nullable;

/**
 * A field on a node.
 *
 * @param name of the field
 * @param spec the input that it fills; null for one that only says how a value changes after a run
 * @param value null if it has none
 */
record Widget(String name, @Nullable InputSpec spec, @Nullable JsonElement value) {

  /** Whether its value goes into the prompt. */
  boolean isPosted() {
    return spec != null && !spec.type().equals(InputSpec.UPLOAD);
  }

  Widget with(@Nullable JsonElement other) {
    return new Widget(name, spec, other);
  }

  /** A value from a file, as the page's field shows it. */
  Widget restored(JsonElement saved) {
    if (spec != null && spec.isMultiline() && !isText(saved)) {
      return with(new JsonPrimitive(JsonShape.javaScriptText(saved)));
    }
    if (spec != null
        && spec.type().equals(InputSpec.COMBO)
        && JsonShape.isNull(saved)
        && !spec.choices().isEmpty()) {
      return with(spec.choices().get(0));
    }
    return with(saved);
  }

  private static boolean isText(JsonElement value) {
    return value instanceof JsonPrimitive primitive && primitive.isString();
  }
}
