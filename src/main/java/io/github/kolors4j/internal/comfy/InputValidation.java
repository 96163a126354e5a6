package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks one value of a prompt against the declaration of its input, and converts it. */
final class InputValidation {
  private static final int MOST_CHOICES_QUOTED = 20;

  private InputValidation() {}

  /**
   * Converts a value as ComfyUI does ({@code int("7")}, {@code str(5)}) and checks its range and
   * whether it is on offer.
   *
   * @param inputs of the node; the converted value is put there
   * @param ownCheck whether the node checks range and choice itself
   * @return an error, or null
   * @throws PythonError where ComfyUI fails itself
   */
  static @Nullable JsonObject check(DeclaredInput input, JsonObject inputs, boolean ownCheck)
      throws PythonError {
    JsonElement value = inputs.get(input.name());
    if (value instanceof JsonObject wrapper && wrapper.has("__value__")) {
      value = wrapper.get("__value__");
      inputs.add(input.name(), value);
    }
    try {
      JsonElement converted = converted(input, value);
      if (converted != value) {
        inputs.add(input.name(), converted);
        value = converted;
      }
    } catch (PythonError e) {
      JsonObject error =
          ValidationError.ofInput(
              "invalid_input_type",
              "Failed to convert an input value to a %s value"
                  .formatted(PythonText.str(input.type())),
              "%s, %s, %s".formatted(input.name(), PythonText.str(value), e.text()),
              input,
              input.config(),
              value);
      error.getAsJsonObject("extra_info").addProperty("exception_message", e.text());
      return error;
    }
    return ownCheck ? null : range(input, value);
  }

  private static JsonElement converted(DeclaredInput input, JsonElement value) throws PythonError {
    if (input.isOf("INT")) {
      return PythonNumbers.toInt(value);
    }
    if (input.isOf("FLOAT")) {
      JsonPrimitive number = PythonNumbers.toFloat(value);
      boolean bounded = input.options().has("min") && input.options().has("max");
      if (Double.isNaN(number.getAsDouble()) || !PythonNumbers.isFinite(number) && !bounded) {
        // ComfyUI lets it pass, and the node fails or gives black pictures.
        throw new PythonError("ValueError", PythonText.repr(number) + " is not a finite number");
      }
      return number;
    }
    if (input.isOf("STRING")) {
      return value instanceof JsonPrimitive text && text.isString()
          ? value
          : new JsonPrimitive(PythonText.str(value));
    }
    return input.isOf("BOOLEAN") ? new JsonPrimitive(PythonNumbers.isTrue(value)) : value;
  }

  private static @Nullable JsonObject range(DeclaredInput input, JsonElement value)
      throws PythonError {
    JsonElement min = input.option("min");
    if (input.options().has("min") && compare(value, "<", min) < 0) {
      return bound("value_smaller_than_min", "smaller than min", input, value, min);
    }
    JsonElement max = input.option("max");
    if (input.options().has("max") && compare(value, ">", max) > 0) {
      return bound("value_bigger_than_max", "bigger than max", input, value, max);
    }
    JsonArray choices = input.choices();
    return choices == null ? null : choice(input, value, choices);
  }

  private static int compare(JsonElement value, String sign, JsonElement bound) throws PythonError {
    if (JsonShape.isNumber(value) && JsonShape.isNumber(bound)) {
      return PythonNumbers.compare((JsonPrimitive) value, (JsonPrimitive) bound);
    }
    throw new PythonError(
        "TypeError",
        "'%s' not supported between instances of '%s' and '%s'"
            .formatted(sign, PythonText.typeName(value), PythonText.typeName(bound)));
  }

  private static JsonObject bound(
      String type, String how, DeclaredInput input, JsonElement value, JsonElement bound) {
    String message =
        "Value %s %s of %s"
            .formatted(
                ValidationError.shortened(PythonText.str(value)), how, PythonText.str(bound));
    return ValidationError.ofInput(type, message, input.name(), input, input.config(), value);
  }

  private static @Nullable JsonObject choice(
      DeclaredInput input, JsonElement value, JsonArray choices) {
    boolean several = PythonNumbers.isTrue(input.option("multiselect"));
    List<JsonElement> wrong = new ArrayList<>();
    for (JsonElement each :
        several && value instanceof JsonArray list ? list.asList() : List.of(value)) {
      if (choices.asList().stream().noneMatch(choice -> PythonNumbers.equal(each, choice))) {
        wrong.add(each);
      }
    }
    if (wrong.isEmpty()) {
      return null;
    }
    boolean tooMany = choices.size() > MOST_CHOICES_QUOTED;
    String offered =
        tooMany ? "(list of length %d)".formatted(choices.size()) : PythonText.list(choices);
    String chosen = wrong.stream().map(PythonText::repr).collect(Collectors.joining(", "));
    return ValidationError.ofInput(
        "value_not_in_list",
        "Value not in list",
        "%s: %s not in %s".formatted(input.name(), chosen, offered),
        input,
        tooMany ? JsonNull.INSTANCE : input.config(),
        value);
  }

  /** The node's own check: an error for each input that it looked at. */
  static List<JsonObject> ownCheck(
      InputChecks checks, List<DeclaredInput> declared, JsonObject inputs) {
    Map<String, JsonElement> values = new LinkedHashMap<>();
    for (DeclaredInput input : declared) {
      if (inputs.has(input.name()) && checks.checkedInputs().contains(input.name())) {
        JsonElement value = inputs.get(input.name());
        values.put(input.name(), value instanceof JsonArray ? JsonNull.INSTANCE : value);
      }
    }
    List<JsonObject> errors = new ArrayList<>();
    checks
        .refusal(values)
        .ifPresent(
            reason -> {
              for (String name : values.keySet()) {
                JsonObject extra = new JsonObject();
                extra.addProperty("input_name", name);
                errors.add(
                    ValidationError.of(
                        "custom_validation_failed",
                        "Custom validation failed for node",
                        name + " - " + reason,
                        extra));
              }
            });
    return errors;
  }
}
