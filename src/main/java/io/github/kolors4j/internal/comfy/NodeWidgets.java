package io.github.kolors4j.internal.comfy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The fields of a node with the values of a workflow. The values stand in {@code widgets_values} in
 * the order of the fields, without names: which is whose follows from the declaration alone.
 */
final class NodeWidgets {
  static final String VALUES = "widgets_values";
  static final String NAMED_VALUES = "widgets_values_named";

  private NodeWidgets() {}

  /** The fields with their defaults. */
  static List<Widget> declared(List<InputSpec> specs) {
    List<Widget> widgets = new ArrayList<>();
    for (InputSpec spec : specs) {
      if (!spec.hasWidget()) {
        continue;
      }
      widgets.add(
          spec.type().equals(InputSpec.UPLOAD)
              ? new Widget(spec.name(), spec, new JsonPrimitive("image"))
              : new Widget(spec.name(), spec, spec.defaultValue()));
      if (spec.controlWidgets() > 0) {
        String standard = spec.type().equals("FLOAT") ? "fixed" : "randomize";
        widgets.add(new Widget("control_after_generate", null, new JsonPrimitive(standard)));
      }
      if (spec.controlWidgets() > 1) {
        widgets.add(new Widget("control_filter_list", null, new JsonPrimitive("")));
      }
    }
    return widgets;
  }

  /** The fields with the values of a node in a workflow; where it has none, the defaults. */
  static List<Widget> of(List<InputSpec> specs, JsonObject node) {
    List<Widget> widgets = declared(specs);
    List<JsonElement> values = values(specs, widgets.size(), node.get(VALUES));
    for (int i = 0; i < Math.min(widgets.size(), values.size()); i++) {
      widgets.set(i, widgets.get(i).restored(values.get(i)));
    }
    return widgets;
  }

  /**
   * The saved values in the order of the fields. Until 2025 pages saved a value for an input that
   * only takes links, too; it is passed over where the count of values tells that it is there. The
   * values of an object count by their order, whatever their names.
   */
  static List<JsonElement> values(List<InputSpec> specs, int widgets, JsonElement saved) {
    boolean list = saved instanceof JsonArray;
    List<JsonElement> values =
        saved instanceof JsonArray array
            ? array.asList()
            : saved instanceof JsonObject object
                ? new ArrayList<>(object.asMap().values())
                : List.of();
    List<Boolean> onlyLinked = new ArrayList<>();
    for (InputSpec spec : specs) {
      if (spec.hasWidget() || spec.forceInput()) {
        onlyLinked.add(spec.forceInput());
        if (spec.saysControlled()) {
          onlyLinked.add(false);
        }
      }
    }
    if (!onlyLinked.contains(true) && list && values.size() == widgets) {
      return values;
    }
    if (values.size() != onlyLinked.size()) {
      return list ? values : List.of();
    }
    List<JsonElement> aligned = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      if (!onlyLinked.get(i)) {
        aligned.add(values.get(i));
      }
    }
    return aligned;
  }

  /** The names of the fields, in their order. */
  static Set<String> names(List<Widget> widgets) {
    return widgets.stream().map(Widget::name).collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
