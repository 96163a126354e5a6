package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the value of a primitive node into the fields that it is linked to. The page does so as if
 * a person typed it: a number is rounded to the steps of the field.
 */
final class PrimitiveValues {
  private final ExecutableNodes nodes;
  private final WidgetValues values;

  PrimitiveValues(ExecutableNodes nodes, WidgetValues values) {
    this.nodes = nodes;
    this.values = values;
  }

  /** A field, and the node that has it. */
  private record Target(ExecutableNode node, Widget widget) {}

  void write(ExecutableNode primitive) {
    List<Target> targets = targets(primitive);
    if (targets.isEmpty()) {
      return;
    }
    JsonElement value = value(primitive, targets.get(0));
    if (value == null) {
      return;
    }
    JsonElement shared = targets.size() > 1 ? withinAll(value, targets) : value;
    for (Target target : targets) {
      InputSpec spec = target.widget().spec();
      values.replace(
          target.node(), target.widget().name(), spec == null ? shared : rounded(shared, spec));
    }
  }

  private List<Target> targets(ExecutableNode primitive) {
    List<Target> targets = new ArrayList<>();
    for (Map.Entry<GraphNode, Integer> entry : primitive.graph().targets(primitive.node(), 0)) {
      ExecutableNode node = nodes.find(primitive.besideId(entry.getKey().id));
      String name = entry.getKey().inputs.get(entry.getValue()).widget();
      Widget widget = name == null ? null : entry.getKey().widget(name);
      if (node != null && widget != null) {
        targets.add(new Target(node, widget));
      }
    }
    return targets;
  }

  /** Its own; one that was saved without has that of the field it is linked to. */
  private @Nullable JsonElement value(ExecutableNode primitive, Target first) {
    JsonElement written = values.replacement(primitive, "value");
    if (written != null) {
      return written;
    }
    Widget own = primitive.node().widget("value");
    return own != null ? own.value() : values.of(first.node(), first.widget());
  }

  /** A number for several fields keeps to what all of them take. */
  private static JsonElement withinAll(JsonElement value, List<Target> targets) {
    if (!isFinite(value)) {
      return value;
    }
    BigDecimal given = number(value);
    BigDecimal number = given;
    for (Target target : targets) {
      InputSpec spec = target.widget().spec();
      BigDecimal min = spec == null ? null : option(spec, "min");
      number = min == null ? number : number.max(min);
    }
    for (Target target : targets) {
      InputSpec spec = target.widget().spec();
      BigDecimal max = spec == null ? null : option(spec, "max");
      number = max == null ? number : number.min(max);
    }
    return number.compareTo(given) == 0 ? value : new JsonPrimitive(number);
  }

  private static JsonElement rounded(JsonElement value, InputSpec spec) {
    if (!isFinite(value)) {
      return value;
    }
    BigDecimal number = number(value);
    BigDecimal result =
        switch (spec.type()) {
          case "INT" -> roundedWhole(number, spec);
          case "FLOAT" -> roundedFraction(number, spec);
          default -> number;
        };
    return result.compareTo(number) == 0 ? value : new JsonPrimitive(result);
  }

  private static BigDecimal roundedWhole(BigDecimal number, InputSpec spec) {
    BigDecimal step = option(spec, "step");
    if (step == null || step.signum() == 0) {
      step = BigDecimal.ONE;
    }
    if (step.compareTo(BigDecimal.ONE) == 0) {
      return nearest(number);
    }
    BigDecimal min = option(spec, "min");
    BigDecimal offset = (min == null ? BigDecimal.ZERO : min).remainder(step);
    return nearest(number.subtract(offset).divide(step, 20, RoundingMode.HALF_EVEN))
        .multiply(step)
        .add(offset);
  }

  private static BigDecimal roundedFraction(BigDecimal number, InputSpec spec) {
    BigDecimal step = option(spec, "step");
    int digits =
        Math.max(0, (int) -Math.floor(Math.log10(step == null ? 0.5 : step.doubleValue())));
    BigDecimal unit = option(spec, "round");
    if (unit == null || unit.signum() == 0) {
      if (digits == 0) {
        return number;
      }
      unit = BigDecimal.ONE.scaleByPowerOfTen(-digits);
    }
    BigDecimal rounded =
        nearest(number.divide(unit, 20, RoundingMode.HALF_EVEN))
            .multiply(unit)
            .setScale(digits, RoundingMode.HALF_UP);
    BigDecimal min = option(spec, "min");
    BigDecimal max = option(spec, "max");
    return rounded
        .max(min == null ? BigDecimal.ZERO : min)
        .min(max == null ? BigDecimal.valueOf(2048) : max);
  }

  /** JavaScript's Math.round: halves go up. */
  private static BigDecimal nearest(BigDecimal number) {
    return number.add(new BigDecimal("0.5")).setScale(0, RoundingMode.FLOOR);
  }

  private static boolean isFinite(JsonElement value) {
    return value instanceof JsonPrimitive number
        && number.isNumber()
        && Double.isFinite(number.getAsDouble());
  }

  /** By way of a double, unless it is whole: written out, 1e-999999999 would fill the memory. */
  private static BigDecimal number(JsonElement value) {
    return value instanceof JsonPrimitive number && PythonNumbers.isWhole(number)
        ? number.getAsBigDecimal()
        : BigDecimal.valueOf(value.getAsDouble());
  }

  private static @Nullable BigDecimal option(InputSpec spec, String name) {
    JsonElement value = spec.options().get(name);
    return value != null && isFinite(value) ? number(value) : null;
  }
}
