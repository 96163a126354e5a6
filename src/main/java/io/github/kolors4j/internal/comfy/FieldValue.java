package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.kolors4j.comfy.WorkflowException;
import java.util.Collection;

/** A Java value for a field of a node. */
final class FieldValue {
  private FieldValue() {}

  /**
   * The value as JSON.
   *
   * @param value a text, number, truth value or path, a list of these, or JSON
   * @throws IllegalArgumentException if it is something else
   */
  static JsonElement toJson(Object value) {
    if (value instanceof JsonElement json) {
      return json.deepCopy();
    }
    if (value instanceof Number number) {
      return new JsonPrimitive(number);
    }
    if (value instanceof Boolean flag) {
      return new JsonPrimitive(flag);
    }
    if (value instanceof Collection<?> values) {
      JsonArray list = new JsonArray();
      values.forEach(each -> list.add(toJson(each)));
      return list;
    }
    if (value instanceof CharSequence || value instanceof java.nio.file.Path) {
      return new JsonPrimitive(value.toString());
    }
    throw new IllegalArgumentException(
        "A field takes a text, a number, true or false, not a " + value.getClass().getName());
  }

  /**
   * The value as a field of a declared kind keeps it: a text that is a number becomes one.
   *
   * @param node for the error
   * @throws WorkflowException if it is of another kind or out of range. Whether a choice is on
   *     offer is seen when the graph is run: the file may yet come.
   */
  static JsonElement fitting(JsonElement value, InputSpec spec, String node) {
    boolean fraction =
        spec.type().equals("INT")
            && JsonShape.isNumber(value)
            && value.getAsDouble() != Math.rint(value.getAsDouble());
    if (fraction) {
      throw new WorkflowException(
          "%s.%s takes whole numbers, not %s."
              .formatted(node, spec.name(), PythonText.repr(value)));
    }
    DeclaredInput declared =
        new DeclaredInput(spec.name(), new JsonPrimitive(spec.type()), range(spec), true);
    JsonObject inputs = new JsonObject();
    inputs.add(spec.name(), value);
    JsonObject error;
    try {
      error = InputValidation.check(declared, inputs, spec.type().equals(InputSpec.COMBO));
    } catch (PythonError e) {
      throw new WorkflowException("%s.%s: %s.".formatted(node, spec.name(), e.text()));
    }
    if (error != null) {
      throw new WorkflowException(
          "%s.%s: %s (%s)."
              .formatted(
                  node,
                  spec.name(),
                  error.get("message").getAsString(),
                  error.get("details").getAsString()));
    }
    return JsonShape.isNumber(value) ? value : inputs.get(spec.name());
  }

  private static JsonObject range(InputSpec spec) {
    JsonObject range = new JsonObject();
    for (String bound : new String[] {"min", "max"}) {
      if (spec.options().has(bound)) {
        range.add(bound, spec.options().get(bound));
      }
    }
    return range;
  }
}
